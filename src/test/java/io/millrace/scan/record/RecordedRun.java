// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.record.Verdict;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.Workers;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.BytesByOrigin;
import io.millrace.scan.observe.Observing;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.WalkSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** A scan with the catalog in a directory, and all that its recorder has passed on. */
final class RecordedRun {
    static final Posix POSIX = LinuxPosix.create();

    private final List<RecordedFile> files = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private RecordCounts counts = new RecordCounts(Map.of(), 0, 0, BytesByOrigin.NONE);

    /** {@code millrace scan --record}. */
    static RecordedRun record(Path catalog, Path... paths) throws IOException, InterruptedException {
        return of(Observing.Reading.AS_SCANNED, Set.of(DigestAlgorithm.SHA256), catalog, paths);
    }

    /** {@code millrace verify}. */
    static RecordedRun verify(Path catalog, Path... paths) throws IOException, InterruptedException {
        return of(Observing.Reading.DEVICE, Set.of(), catalog, paths);
    }

    static Catalog open(Path directory) throws IOException {
        return Catalog.open(
                POSIX, new CatalogPlace(BytePath.of(directory.toString()), Optional.empty()), CatalogListener.NONE);
    }

    static RecordedRun of(Observing.Reading reading, Set<DigestAlgorithm> digests, Path directory, Path... paths)
            throws IOException, InterruptedException {
        var run = new RecordedRun();
        try (Catalog catalog = open(directory)) {
            run.scan(catalog, reading, digests, paths);
        }
        return run;
    }

    private void scan(Catalog catalog, Observing.Reading reading, Set<DigestAlgorithm> digests, Path... paths)
            throws IOException, InterruptedException {
        List<BytePath> list =
                Arrays.stream(paths).map(path -> BytePath.of(path.toString())).toList();
        var listener = new RecordListener() {
            @Override
            public void onRecorded(RecordedFile file) {
                files.add(file);
            }

            @Override
            public void onCatalogFailure(CatalogException failure) {
                warnings.add(String.valueOf(failure.getMessage()));
            }

            @Override
            public void onCatalogBesideFiles(BytePath database, BytePath file) {
                warnings.add(database + " beside " + file);
            }
        };
        try (var recorder = new ScanRecorder(POSIX, catalog, "test", reading, ScanRecorder.OnFailure.STOP, listener)) {
            var options = new ScanOptions(
                            digests,
                            ReadPlan.Wish.of(CachePolicy.NEUTRAL),
                            2,
                            ScanOptions.DEFAULT_READ_BYTES,
                            Optional.empty())
                    .observing(recorder.observing());
            var scanner = new BulkScanner(
                    POSIX, options, Workers.NONE, new RateLimiter(RateLimiter.UNLIMITED), new CancellationToken());
            ScanSummary summary = scanner.scan(WalkSpec.of(list.iterator()), recorder.results());
            counts = recorder.finish(list, !summary.stopped());
        }
    }

    List<RecordedFile> files() {
        return files;
    }

    RecordCounts counts() {
        return counts;
    }

    List<String> warnings() {
        return warnings;
    }

    RecordedFile file(Path path) {
        return files.stream()
                .filter(file -> file.path().toString().equals(path.toString()))
                .findFirst()
                .orElseThrow();
    }

    /** Verdicts that are not the expected one, with what is known of them. */
    Map<String, String> verdictsOtherThan(Verdict... expected) {
        var others = new TreeMap<String, String>();
        for (RecordedFile file : files) {
            String verdict = file.verdict().map(Verdict::label).orElse("none");
            if (Arrays.stream(expected).noneMatch(each -> each.label().equals(verdict))) {
                others.put(file.path().toString(), verdict + " " + file.findings() + " " + file.note());
            }
        }
        return others;
    }

    /** The first of {@link #verdictsOtherThan}. */
    String someOtherThan(Verdict... expected) {
        return verdictsOtherThan(expected).entrySet().stream().limit(5).toList().toString();
    }
}
