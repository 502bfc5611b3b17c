// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Description;
import io.millrace.telemetry.WorkerInfo;

/** {@code io.millrace:type=Worker,name="…"}. */
@Description("A configured program that is fed the bytes of files")
public interface WorkerMXBean extends WorkerInfo {
    @Description("Restarts its processes, each after its current file; ends a quarantine; returns what was done")
    String restart();
}
