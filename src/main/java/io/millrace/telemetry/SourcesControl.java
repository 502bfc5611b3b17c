// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.scan.schedule.SourceScheduler;
import io.millrace.scan.schedule.SourceStatus;
import java.util.List;

/** Delegates to the real sources. */
record SourcesControl(SourceScheduler sources) implements Controls.OfSources {
    @Override
    public List<SourceStatus> statuses() {
        return sources.statuses();
    }

    @Override
    public String start(String name) {
        return sources.start(name);
    }
}
