// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.catalog.CatalogStats;
import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.scan.catalog.Alarm;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.catalog.CoverageStatus;
import io.millrace.units.EnumLabels;
import io.millrace.units.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The part of the JSON of the state that is about the catalog. Stateless; any thread. */
public final class CatalogJson {
    private CatalogJson() {}

    public static StatusObject catalog(CatalogStatus catalog) {
        CatalogStats stats = catalog.stats().orElse(null);
        return new StatusObject()
                .with("state", EnumLabels.of(catalog.state()))
                .with("database", catalog.database().isEmpty() ? null : catalog.database())
                .with("reason", catalog.reason().orElse(null))
                .with("files", stats == null ? null : stats.files().files())
                .with("file_bytes", stats == null ? null : stats.files().bytes())
                .with("names", stats == null ? null : stats.names())
                .with(
                        "device_verified_bytes",
                        stats == null ? null : stats.onDevice().bytes())
                .with("live_bytes", stats == null ? null : stats.live().bytes())
                .with("database_bytes", stats == null ? null : stats.databaseBytes())
                .with("corrupt_files", catalog.alarmCount())
                .with("acknowledged_files", catalog.acknowledgedCount())
                .with("last_backup", catalog.lastBackup().map(Timestamps::utc).orElse(null))
                .with("backup_problem", catalog.backupProblem().orElse(null))
                .with("notices", catalog.notices())
                .with(
                        "alarms",
                        catalog.alarms().stream().map(CatalogJson::alarm).toList())
                .with(
                        "coverage",
                        catalog.coverage().stream().map(CatalogJson::coverage).toList());
    }

    private static StatusObject alarm(Alarm alarm) {
        return new StatusObject()
                .with("path", alarm.path().display())
                .with("verdict", alarm.verdict().label())
                .with("acknowledged", alarm.isAcknowledged())
                .with("advice", alarm.advice());
    }

    private static StatusObject coverage(CoverageStatus source) {
        CoveragePlan plan = source.plan();
        CoveragePlan.Summary now = plan.summary();
        return new StatusObject()
                .with("source", source.source())
                .with("verify_within_seconds", source.spec().within().toSeconds())
                .with("between", source.spec().window().toString())
                .with("promise_kept", source.isPromiseKept())
                .with(
                        "breaks_in_nights",
                        plan.breaksInNights().isPresent()
                                ? plan.breaksInNights().getAsInt()
                                : null)
                .with("forecast", plan.why().isEmpty() ? null : plan.why())
                .with("oldest_verified", oldest(source))
                .with("bytes", source.allBytes())
                .with("verified_bytes", now.kept().bytes())
                .with("new_bytes", now.fresh().bytes())
                .with("late_bytes", now.late().bytes())
                .with("live_bytes", now.live().bytes())
                .with("unsettled_bytes", now.unsettled().bytes())
                .with("bad_bytes", now.bad().bytes())
                .with("share_bytes", plan.share().total());
    }

    private static @Nullable String oldest(CoverageStatus source) {
        return source.oldestSeconds().isPresent()
                ? Timestamps.utc(Instant.ofEpochSecond(source.oldestSeconds().getAsLong()))
                : null;
    }
}
