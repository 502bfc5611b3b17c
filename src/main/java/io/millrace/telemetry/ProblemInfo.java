// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import org.jspecify.annotations.Nullable;

/** The attributes of a problem for JMX clients; {@link StatusJson#problem} has their values. */
public interface ProblemInfo {
    @Description("What has it: pool, worker, scan, source, catalog or service")
    String getKind();

    @Description("The name of that; null for the service itself and its catalog")
    @Nullable String getName();

    @Description("What is wrong and why, in one line")
    String getText();
}
