// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.ScanInfo;

/** {@code io.millrace:type=Scan,id="…"}; registered while the scan is running. */
@Description("A scan that is under way")
public interface ScanMXBean extends ScanInfo {
    @Description("Holds it at its next read; says what was done")
    String pause();

    @Description("Lets it go on; says what was done")
    String resume();

    @Description("Ends it at its next read; says what was done")
    String cancel();

    @Description("Changes its limit at once; says what was done")
    String rate(@Description("A size a second, such as 200MiB, or none") String bytesPerSecond);
}
