// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

/** {@code io.millrace:type=Source,name="…"}. */
@Description("Files that are scanned again and again")
public interface SourceMXBean extends SourceFacts {
    @Description("Scans it now; returns the scan's id")
    String start();
}
