// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.ServiceParts;
import io.millrace.telemetry.SourceInfoView;

/** Implements the MXBean of one source. */
final class SourceBean extends SourceInfoView implements SourceMXBean {
    private final String name;
    private final ServiceParts parts;

    SourceBean(String name, ServiceParts parts) {
        super(() -> parts.sources().statuses().stream()
                .filter(status -> status.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no source '" + name + "' any more")));
        this.name = name;
        this.parts = parts;
    }

    @Override
    public String start() {
        return parts.sources().start(name);
    }
}
