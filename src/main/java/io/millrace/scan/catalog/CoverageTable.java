// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.posix.Posix;
import java.io.IOException;
import java.time.Clock;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The sources that use the catalog: the shares of their runs, and how those with a promise stand to it. Any thread; reads the catalog
 * without a lock.
 */
final class CoverageTable {
    private final Posix posix;
    private final Clock clock;
    private final CatalogKeeperListener listener;

    @GuardedBy("this") private final Map<String, RecordedSource> sources = new LinkedHashMap<>();

    /** Of active runs, by source. */
    @GuardedBy("this") private final Map<String, ShareNames> shares = new HashMap<>();

    @GuardedBy("this") private Map<String, CoverageStatus> statuses = Map.of();

    CoverageTable(Posix posix, Clock clock, CatalogKeeperListener listener) {
        this.posix = posix;
        this.clock = clock;
        this.listener = listener;
    }

    /** Replaces the sources; what is known of those that stay remains. */
    synchronized void replace(Collection<RecordedSource> users) {
        sources.clear();
        users.forEach(user -> sources.put(user.name(), user));
        statuses = new LinkedHashMap<>(statuses);
        statuses.keySet().retainAll(sources.keySet());
    }

    /** By source, for those with a promise, as of the last {@link #refresh}. */
    synchronized List<CoverageStatus> list() {
        return List.copyOf(statuses.values());
    }

    /** Forgets how the promises stand, so that none is shown as kept while nothing is verified. */
    synchronized void clear() {
        statuses = Map.of();
    }

    /** As {@link CatalogAccess#share}. */
    ShareNames share(CatalogAccess catalog, String source) throws IOException {
        SourcePlanner planner = planner(source);
        if (planner == null) {
            throw new IOException(source + ": is configured otherwise meanwhile");
        }
        ShareNames names = planner.share(catalog.catalog());
        synchronized (this) {
            shares.put(source, names);
        }
        return names;
    }

    /** As {@link CatalogAccess#onRunEnded}; throws where the catalog does not take the night down. */
    void onRunEnded(CatalogAccess catalog, String source, long bytes, double seconds) throws IOException {
        ShareNames names;
        synchronized (this) {
            names = shares.remove(source);
        }
        SourcePlanner planner = planner(source);
        if (names != null && planner != null) {
            planner.onEnded(catalog.catalog(), names, bytes, seconds);
        }
    }

    /** Null for a source without a promise, or one that is not configured any more. */
    private @Nullable SourcePlanner planner(String source) {
        RecordedSource user;
        synchronized (this) {
            user = sources.get(source);
        }
        return user == null ? null : planner(user);
    }

    private @Nullable SourcePlanner planner(RecordedSource user) {
        CoverageSpec spec = user.recording().coverage().orElse(null);
        return spec == null ? null : new SourcePlanner(posix, user, spec, clock);
    }

    /** Reads how the promises stand, and tells the listener which forecasts have changed. */
    void refresh(CatalogReader reader) throws CatalogException {
        List<RecordedSource> users;
        synchronized (this) {
            users = List.copyOf(sources.values());
        }
        var found = new LinkedHashMap<String, CoverageStatus>();
        for (RecordedSource user : users) {
            SourcePlanner planner = planner(user);
            if (planner != null) {
                found.put(user.name(), planner.status(reader));
            }
        }
        Map<String, CoverageStatus> before;
        synchronized (this) {
            before = statuses;
            statuses = found;
        }
        found.values().forEach(now -> tell(before.get(now.source()), now));
    }

    private void tell(@Nullable CoverageStatus before, CoverageStatus now) {
        OptionalInt was = before == null ? OptionalInt.empty() : before.plan().breaksInNights();
        OptionalInt is = now.plan().breaksInNights();
        if (is.isPresent() && !is.equals(was)) {
            listener.onPromiseAtRisk(CatalogStatus.forecast(now, is.getAsInt()));
        } else if (is.isEmpty() && was.isPresent()) {
            listener.onPromiseKept(now.source());
        }
    }
}
