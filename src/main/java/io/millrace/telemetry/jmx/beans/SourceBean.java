// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.telemetry.Controls;
import io.millrace.telemetry.SourceInfoView;

/** Implements the MXBean of one source. */
final class SourceBean extends SourceInfoView implements SourceMXBean {
    private final String name;
    private final Controls controls;

    SourceBean(String name, Controls controls) {
        super(() -> controls.sources().statuses().stream()
                .filter(status -> status.spec().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no source '" + name + "' any more")));
        this.name = name;
        this.controls = controls;
    }

    @Override
    public String start() {
        return controls.sources().start(name);
    }
}
