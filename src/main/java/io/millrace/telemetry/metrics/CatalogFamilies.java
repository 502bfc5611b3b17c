// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.metrics;

import io.millrace.catalog.CatalogStats;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.catalog.CoverageStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The metric families of the catalog, of a service that has one. Stateless; any thread. */
final class CatalogFamilies {
    private static final double MILLIS = 1e3;

    private CatalogFamilies() {}

    static List<MetricFamily> of(CatalogStatus catalog, Instant now) {
        var all = new ArrayList<MetricFamily>();
        all.add(MetricFamily.gauge("millrace_catalog_open", "1 while the catalog is open, 0 while it cannot be used")
                .add(catalog.state() == CatalogStatus.State.OPEN ? 1 : 0));
        all.add(MetricFamily.gauge(
                        "millrace_corrupt_files",
                        "Files that are not what was recorded, though nobody wrote to them, and that nobody has acknowledged")
                .add(catalog.alarmCount()));
        all.add(MetricFamily.gauge(
                        "millrace_acknowledged_corrupt_files", "Such files that an operator has acknowledged")
                .add(catalog.acknowledgedCount()));
        catalog.stats().ifPresent(stats -> add(all, stats));
        all.add(MetricFamily.gauge(
                        "millrace_catalog_last_backup_timestamp_seconds",
                        "When the newest backup of the catalog was begun; 0 for never")
                .add(catalog.lastBackup().map(at -> at.toEpochMilli() / MILLIS).orElse(0.0)));
        addCoverage(all, catalog.coverage(), now);
        return all;
    }

    private static void add(List<MetricFamily> all, CatalogStats stats) {
        all.add(MetricFamily.gauge("millrace_catalog_files", "Files that the catalog knows")
                .add(stats.files().files()));
        all.add(MetricFamily.gauge("millrace_catalog_file_bytes", "Bytes of the files that the catalog knows")
                .add(stats.files().bytes()));
        all.add(MetricFamily.gauge(
                        "millrace_catalog_device_verified_bytes",
                        "Bytes of the files that were verified on the device at least once")
                .add(stats.onDevice().bytes()));
        all.add(MetricFamily.gauge("millrace_catalog_database_bytes", "Size of the database file of the catalog")
                .add(stats.databaseBytes()));
    }

    private static void addCoverage(List<MetricFamily> all, List<CoverageStatus> sources, Instant now) {
        var oldest = MetricFamily.gauge(
                "millrace_catalog_oldest_device_verified_seconds",
                "How long ago the file of a source that waits the longest was verified on the device, or first seen if never");
        var kept = MetricFamily.gauge(
                "millrace_source_promise_kept",
                "1 while verify-within of a source is kept and will be by the forecast, else 0");
        var share = MetricFamily.gauge(
                "millrace_source_verified_bytes", "Bytes of a source that were verified on the device in time");
        var bytes = MetricFamily.gauge("millrace_source_known_bytes", "Bytes of a source by the catalog");
        for (CoverageStatus source : sources) {
            String name = source.source();
            source.oldestSeconds().ifPresent(at -> oldest.add(Math.max(0, now.getEpochSecond() - at), "source", name));
            kept.add(source.isPromiseKept() ? 1 : 0, "source", name);
            share.add(source.plan().summary().kept().bytes(), "source", name);
            bytes.add(source.allBytes(), "source", name);
        }
        all.addAll(List.of(oldest, kept, share, bytes));
    }
}
