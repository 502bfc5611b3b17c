// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.PoolInfo;
import java.io.IOException;

/** {@code io.millrace:type=Pool,name="…"}. */
@Description("A directory that is kept filled with reserved files")
public interface PoolMXBean extends PoolInfo {
    @Description("Claims a file: renames it to a new name, never replacing a file; returns the name")
    String claim(
            @Description("An absolute path below the roots, on the pool's file system; may be a directory")
                    String destination)
            throws IOException;

    @Description("Fills it now, without waiting for the next retry; returns what was done")
    String refill();

    @Description("Changes how many files are kept, until the configuration changes; returns what was done")
    String resize(@Description("How many files to keep, 0 to 100000") int ready);
}
