// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CacheWarmer;
import io.millrace.pagecache.Eviction;
import io.millrace.pagecache.FileResidency;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.telemetry.CacheOperation;
import io.millrace.telemetry.ScanTotals;
import io.millrace.telemetry.ServiceParts;
import java.io.IOException;

/** Implements the MXBean of the page cache: the effect of scans, and the residency of files below the roots. */
final class PageCacheBean implements PageCacheMXBean {
    private final ServiceParts parts;
    private final ScanTotals totals;

    PageCacheBean(ServiceParts parts, ScanTotals totals) {
        this.parts = parts;
        this.totals = totals;
    }

    private CacheEffect total() {
        return totals.sample(parts.scans().statuses()).effect();
    }

    @Override
    public long getReleasedBytes() {
        return total().releasedBytes();
    }

    @Override
    public long getLeftBytes() {
        return total().leftBytes();
    }

    @Override
    public long getHotBeforeBytes() {
        return total().hotBeforeBytes();
    }

    @Override
    public long getHotAfterBytes() {
        return total().hotAfterBytes();
    }

    @Override
    public String status(String path) throws IOException {
        return tour(path, (file, isLate) -> look(file));
    }

    @Override
    public String warm(String path) throws IOException {
        try (var warmer = new CacheWarmer(parts.posix())) {
            return tour(path, (file, isLate) -> {
                warmer.warm(file.traits(), file.fd(), file.status(), isLate);
                return look(file);
            });
        }
    }

    @Override
    public String evict(String path) throws IOException {
        return tour(
                path,
                (file, isLate) -> Eviction.of(
                                parts.posix(), file.traits(), file.fd(), file.status(), Eviction.Dirty.LEAVE, 0)
                        .after());
    }

    private FileResidency look(OpenedFile file) throws IOException {
        return FileResidency.look(parts.posix(), file.traits(), file.fd(), file.status(), 0);
    }

    private String tour(String path, CacheOperation.Work work) throws IOException {
        return CacheOperation.of(
                parts.posix(), parts.roots().get(), RequestParser.path(path), CacheOperation.LONGEST, work);
    }
}
