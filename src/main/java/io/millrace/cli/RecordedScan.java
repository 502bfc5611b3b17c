// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.options.OpenedCatalog;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.RecordedText;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.observe.BytesByOrigin;
import io.millrace.scan.observe.Observing;
import io.millrace.scan.record.RecordCounts;
import io.millrace.scan.record.RecordListener;
import io.millrace.scan.record.RecordedFile;
import io.millrace.scan.record.ScanRecorder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The part of {@code millrace scan --record} that concerns the catalog. Where the catalog cannot be opened or fails, it says so in
 * one line, and the scan goes on without: the digests are wanted all the same. Main thread; its creator closes it.
 */
final class RecordedScan implements AutoCloseable {
    /** Gets each file of the scan, in order; after a failure of the catalog without a verdict. */
    interface Results {
        void file(RecordedFile file) throws IOException;
    }

    private final Invocation invocation;
    private final @Nullable Catalog catalog;
    private final @Nullable ScanRecorder recorder;
    private Optional<CatalogException> failure = Optional.empty();
    private RecordCounts counts = new RecordCounts(Map.of(), 0, 0, BytesByOrigin.NONE);

    /** {@code id}: names the scan in the catalog. */
    RecordedScan(Invocation invocation, CatalogOptions options, String id, Results results) throws IOException {
        this.invocation = invocation;
        Catalog opened = null;
        try {
            opened = OpenedCatalog.orNew(invocation.posix(), options, invocation.console());
        } catch (CatalogException e) {
            onFailure(e);
        }
        catalog = opened;
        recorder = opened == null
                ? null
                : new ScanRecorder(
                        invocation.posix(),
                        opened,
                        id,
                        Observing.Reading.AS_SCANNED,
                        ScanRecorder.OnFailure.GO_ON,
                        listener(results));
    }

    private void onFailure(CatalogException e) {
        failure = Optional.of(e);
        invocation.console().say(e.getMessage() + "; the scan goes on, and what it reads is not recorded");
    }

    private RecordListener listener(Results results) {
        return new RecordListener() {
            @Override
            public void onRecorded(RecordedFile file) throws IOException {
                results.file(file);
                RecordedText.details(file).forEach(invocation.console()::say);
            }

            @Override
            public void onCatalogFailure(CatalogException e) {
                onFailure(e);
            }

            @Override
            public void onCatalogBesideFiles(BytePath database, BytePath file) {
                invocation.console().warn(OpenedCatalog.besideFiles(database, file));
            }
        };
    }

    ScanOptions applyTo(ScanOptions options) {
        return recorder == null ? options : options.observing(recorder.observing());
    }

    /** The scan's listener; {@code plain} serves where nothing is recorded. */
    ScanListener listener(ScanListener plain) {
        return recorder == null ? plain : recorder.results();
    }

    /** Waits until everything is recorded. */
    void finish(boolean isWhole) throws IOException, InterruptedException {
        if (recorder != null) {
            counts = recorder.finish(List.of(), isWhole);
            failure = recorder.failure().or(() -> failure);
        }
    }

    RecordCounts counts() {
        return counts;
    }

    Optional<CatalogException> failure() {
        return failure;
    }

    /** Whether everything was recorded that could be, and nothing was found damaged. */
    boolean isGood() {
        return failure.isEmpty()
                && counts.verdicts().entrySet().stream()
                        .noneMatch(count -> count.getKey().isAlarm() && count.getValue() > 0);
    }

    /** The end of the sentence about the scan. */
    String sentenceEnd() {
        if (failure.isPresent()) {
            return "; the catalog failed, recorded " + counts.recorded();
        }
        long known =
                counts.verdicts().values().stream().mapToLong(Long::longValue).sum() - counts.of(Verdict.UNREADABLE);
        return "; recorded " + counts.recorded() + " of " + known + " (" + RecordedText.verdicts(counts) + ")";
    }

    @Override
    public void close() throws CatalogException {
        try (Catalog closing = catalog) {
            if (recorder != null) {
                recorder.close();
            }
        }
    }
}
