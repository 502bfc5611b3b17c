// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.catalog.CatalogPlace;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.scan.job.ScanDefaults;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.telemetry.http.HttpOptions;
import io.millrace.telemetry.jmx.access.JmxOptions;
import io.millrace.worker.WorkerSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The content of a configuration file, with defaults for missing keys. Immutable.
 *
 * @param stateDirectory holds persistent state
 * @param runtimeDirectory holds the control credential
 * @param roots the only directory trees that external requests may name
 * @param reserve the free space that external requests never use; pools have their own reserve
 * @param totalRate bytes per second of all scans together, {@link io.millrace.scan.throttle.RateLimiter#UNLIMITED} for
 *     no limit
 * @param scanDefaults the reading limits of externally requested scans; sources have their own
 * @param pools by name, in the order of the file; workers and sources likewise
 * @param catalog where it lies; empty if nothing uses one
 */
public record Configuration(
        BytePath stateDirectory,
        BytePath runtimeDirectory,
        HttpOptions http,
        JmxOptions jmx,
        List<BytePath> roots,
        Reserve reserve,
        long totalRate,
        ScanDefaults scanDefaults,
        Map<String, PoolSpec> pools,
        Map<String, WorkerSpec> workers,
        Map<String, SourceSpec> sources,
        Optional<CatalogPlace> catalog) {
    public Configuration {
        roots = List.copyOf(roots);
        pools = Collections.unmodifiableMap(new LinkedHashMap<>(pools));
        workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
        sources = Collections.unmodifiableMap(new LinkedHashMap<>(sources));
    }

    /** Returns a summary: {@code 2 pools, 1 worker and 3 sources}. */
    public String contents() {
        return count(pools, "pool") + ", " + count(workers, "worker") + " and " + count(sources, "source");
    }

    private static String count(Map<String, ?> named, String noun) {
        return named.size() + " " + noun + (named.size() == 1 ? "" : "s");
    }
}
