// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.ScanCheckpoint;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.coverage.CoverageTrend;

/**
 * What is kept of a source's nights, in the catalog itself: as a checkpoint {@code coverage NAME}. Immutable.
 *
 * @param bytesPerSecond measured; 0 before the first run
 * @param allCost of all files when the last night began; 0 before the first
 * @param nightSeconds when the last night's plan was made, since 1970; 0 for never
 */
record CoverageMemory(CoverageTrend trend, long bytesPerSecond, long allCost, long nightSeconds) {
    static final CoverageMemory NONE = new CoverageMemory(CoverageTrend.START, 0, 0, 0);

    private static final String PREFIX = "coverage ";
    private static final String DONE = "done";
    private static final byte[] NOTHING = {};
    private static final int FIELDS = 5;

    static CoverageMemory read(CatalogReader reader, String source) throws CatalogException {
        String[] fields = reader.scan(PREFIX + source)
                .map(ScanCheckpoint::specification)
                .orElse("")
                .split(" ");
        if (fields.length != FIELDS) {
            return NONE;
        }
        try {
            var trend = new CoverageTrend(Double.parseDouble(fields[0]), Double.parseDouble(fields[1]));
            return new CoverageMemory(
                    trend, Long.parseLong(fields[2]), Long.parseLong(fields[3]), Long.parseLong(fields[4]));
        } catch (NumberFormatException e) {
            return NONE; // of another version; the forecast begins anew
        }
    }

    void write(Catalog catalog, String source) throws CatalogException {
        String text =
                trend.availability() + " " + trend.growth() + " " + bytesPerSecond + " " + allCost + " " + nightSeconds;
        try (WriteBatch batch = catalog.begin()) {
            batch.put(new ScanCheckpoint(
                    PREFIX + source,
                    text,
                    DONE,
                    nightSeconds,
                    nightSeconds,
                    new ScanCheckpoint.Counters(0, 0, 0),
                    NOTHING,
                    NOTHING));
            batch.commit();
        }
    }
}
