// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.SourceStatus;
import io.millrace.scan.Sources;
import java.util.List;

/** The real sources. */
record SourcesControl(Sources sources) implements Controls.OfSources {
    @Override
    public List<SourceStatus> statuses() {
        return sources.statuses();
    }

    @Override
    public String start(String name) {
        return sources.start(name);
    }
}
