// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.SourceInfo;

/** {@code io.millrace:type=Source,name="…"}. */
@Description("Files that are scanned on schedule or on request")
public interface SourceMXBean extends SourceInfo {
    @Description("Scans it now; returns the scan's id")
    String start();
}
