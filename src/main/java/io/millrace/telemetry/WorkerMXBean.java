// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

/** {@code io.millrace:type=Worker,name="…"}. */
@Description("A configured program that is fed the bytes of files")
public interface WorkerMXBean extends WorkerFacts {
    @Description("Replaces its processes, each after the file that it has; ends a quarantine; says what was done")
    String restart();
}
