// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import io.millrace.posix.libc.UnknownName;
import io.millrace.units.Timestamps;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sources by name. A source that is no longer configured stays here, hidden, until its run has ended. Guarded by
 * the lock of {@link SourceScheduler}.
 */
final class SourceTable {
    private static final Logger LOG = LoggerFactory.getLogger(SourceTable.class);

    private final ZoneId zone;

    /** Run times that were read from the file, of sources that have not been configured yet. */
    private final Map<String, RunHistory.Times> remembered;

    private final SortedMap<String, ScheduledSource> sources = new TreeMap<>();
    private Instant lastLook = Instant.MIN;

    SourceTable(Map<String, RunHistory.Times> remembered, ZoneId zone) {
        this.remembered = new HashMap<>(remembered);
        this.zone = zone;
    }

    /**
     * Replaces the sources.
     *
     * @param first whether the service is starting, so that sources with {@link SourceSpec#atStart} are run
     * @throws IllegalArgumentException if two sources have the same name; nothing is changed then
     */
    void apply(Collection<SourceSpec> specs, boolean first, Instant now) {
        var wanted = new TreeMap<String, SourceSpec>();
        for (SourceSpec spec : specs) {
            if (wanted.put(spec.name(), spec) != null) {
                throw new IllegalArgumentException("two sources are named " + spec.name());
            }
        }
        sources.forEach((name, source) -> {
            if (!wanted.containsKey(name)) {
                source.remove();
            }
        });
        sources.values().removeIf(source -> source.isGone() && !source.isBusy());
        for (SourceSpec spec : wanted.values()) {
            ScheduledSource source = put(spec, now);
            if (first && spec.atStart()) {
                source.runAt(now);
            }
        }
    }

    private ScheduledSource put(SourceSpec spec, Instant now) {
        ScheduledSource source = sources.get(spec.name());
        if (source == null) {
            var times = Optional.ofNullable(remembered.remove(spec.name())).orElse(RunHistory.Times.NONE);
            source = new ScheduledSource(spec, times, zone, now);
            sources.put(spec.name(), source);
        } else {
            source.change(spec, now);
        }
        return source;
    }

    /** Finds a source, including one that is no longer configured. */
    Optional<ScheduledSource> find(String name) {
        return Optional.ofNullable(sources.get(name));
    }

    /** @throws IllegalArgumentException if there is no such source */
    ScheduledSource present(String name) {
        return find(name)
                .filter(source -> !source.isGone())
                .orElseThrow(() -> new IllegalArgumentException(UnknownName.message("source", name, names())));
    }

    private List<String> names() {
        return sources.entrySet().stream()
                .filter(source -> !source.getValue().isGone())
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    void forgetIfGone(ScheduledSource source) {
        if (source.isGone() && !source.isBusy()) {
            sources.remove(source.spec().name(), source);
        }
    }

    /** Returns the status of each source, sorted by name. */
    List<SourceStatus> statuses() {
        return sources.values().stream()
                .filter(source -> !source.isGone())
                .map(ScheduledSource::status)
                .toList();
    }

    /** Returns the sources whose run starts now; a run that is due while another is active is skipped. */
    List<ScheduledSource> takeDue(Instant now) {
        if (now.isBefore(lastLook)) {
            sources.values().forEach(source -> source.reschedule(now)); // the clock was set back
        }
        lastLook = now;
        var due = new ArrayList<ScheduledSource>();
        for (ScheduledSource source : sources.values()) {
            if (source.isDue(now)) {
                if (source.isBusy()) {
                    LOG.warn("source {}: {}", source.spec().name(), source.leaveOut(now));
                } else {
                    source.missed()
                            .ifPresent(time -> LOG.info(
                                    "source {}: the run due at {} was missed, running it now",
                                    source.spec().name(),
                                    Timestamps.format(time, zone)));
                    source.starting();
                    due.add(source);
                }
            }
        }
        return due;
    }

    /** Returns when the next run is due, at most {@code latest}. */
    Instant firstDueBefore(Instant latest) {
        Instant first = latest;
        for (ScheduledSource source : sources.values()) {
            first = source.due().filter(first::isAfter).orElse(first);
        }
        return first;
    }

    /** Returns the run times to store. */
    Map<String, RunHistory.Times> times() {
        var times = new TreeMap<String, RunHistory.Times>();
        sources.forEach((name, source) -> times.put(name, source.times()));
        return times;
    }
}
