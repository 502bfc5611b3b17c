// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.PoolInfo;
import java.io.IOException;

/** {@code io.millrace:type=Preallocator}. */
@Description("All pools of reserved files, and single files")
public interface PreallocatorMXBean {
    @Description("The pools by name")
    PoolInfo[] getPools();

    @Description("Files that may be claimed now, of all pools")
    long getReadyFiles();

    @Description("Files that are kept, of all pools")
    long getTargetFiles();

    @Description("Bytes that were reserved since the service started, of all pools")
    long getReservedBytes();

    @Description("Files that were claimed since the service started, of all pools")
    long getClaims();

    @Description(
            "Reserves a new file of mode 0640, durably, and returns what the file system counts. Nothing that exists is"
                    + " touched, the configured reserve stays free, and a file system without fallocate is refused")
    String allocate(
            @Description("An absolute path below the roots, of a file that is not there") String path,
            @Description("Its size, such as 64MiB or 1GB") String size)
            throws IOException;

    @Description("Claims a file of a pool: renames it to a new name, never replacing a file; returns the name")
    String claim(
            @Description("The pool's name") String pool,
            @Description("An absolute path below the roots, on the pool's file system; may be a directory")
                    String destination)
            throws IOException;

    @Description("Fills a pool now, without waiting for the next retry; returns what was done")
    String refill(@Description("The pool's name") String pool);

    @Description("Changes how many files a pool keeps, until the configuration changes; returns what was done")
    String resize(
            @Description("The pool's name") String pool, @Description("How many files to keep, 0 to 100000") int ready);
}
