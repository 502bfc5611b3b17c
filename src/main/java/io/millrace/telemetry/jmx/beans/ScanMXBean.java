// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.ScanInfo;

/** {@code io.millrace:type=Scan,id="…"}; registered while the scan is running. */
@Description("An active scan")
public interface ScanMXBean extends ScanInfo {
    @Description("Pauses it at its next read; returns what was done")
    String pause();

    @Description("Resumes it; returns what was done")
    String resume();

    @Description("Cancels it at its next read; returns what was done")
    String cancel();

    @Description("Changes its rate limit at once; returns what was done")
    String rate(@Description("A size a second, such as 200MiB, or none") String bytesPerSecond);
}
