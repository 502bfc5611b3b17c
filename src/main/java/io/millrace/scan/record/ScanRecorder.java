// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogMark;
import io.millrace.catalog.ScanCheckpoint;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.observe.FileKeys;
import io.millrace.scan.observe.Observing;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Records one scan in the catalog and judges its files by it. {@link #observing} goes into the scan's options and {@link #results}
 * is its listener; when the scan has ended, {@link #finish} waits until everything is durable. Its creator closes it, before the
 * catalog.
 */
public final class ScanRecorder implements AutoCloseable {
    private static final byte[] NOTHING = {};
    private static final String RUNNING = "running";

    /** What becomes of the scan when the catalog fails. */
    public enum OnFailure {
        /** It goes on, and its results are passed on without a verdict. */
        GO_ON,
        /** It ends with the failure, since a verdict is all that it is for. */
        STOP
    }

    private final Posix posix;
    private final Catalog catalog;
    private final String id;
    private final OnFailure onFailure;
    private final RecordListener listener;
    private final RecordTally tally = new RecordTally();
    private final BaselinePool baselines;
    private final Observing observing;
    private final FileJudge judge;
    private final FindingPlaces places;
    private final BatchThread thread;
    private final long startedSeconds = nowSeconds();
    private Optional<FileSystemId> catalogPlace = Optional.empty();
    private boolean isPlaceTold;

    /** Whether nobody else has changed the catalog, up to the state that is noted; both belong to the thread. */
    private boolean isAlone = true;

    private @Nullable CatalogMark mark;
    private long files;
    private long bytes;
    private long failed;

    @GuardedBy("this") private @Nullable CatalogException failure;

    @GuardedBy("this") private boolean isFailureTold;

    /**
     * Starts the recorder's thread; throws {@link io.millrace.lifecycle.ThreadShortageException}.
     *
     * @param id names the scan in the catalog, which keeps the counters of its last run
     */
    public ScanRecorder(
            Posix posix,
            Catalog catalog,
            String id,
            Observing.Reading reading,
            OnFailure onFailure,
            RecordListener listener) {
        this.posix = posix;
        this.catalog = catalog;
        this.id = id;
        this.onFailure = onFailure;
        this.listener = listener;
        this.baselines = new BaselinePool(catalog, this::onFailure);
        this.observing = new Observing(reading, baselines);
        this.judge = new FileJudge(posix, tally);
        this.places = new FindingPlaces(posix, judge.files(), judge.names());
        this.thread = new BatchThread(this::process);
    }

    private static long nowSeconds() {
        return Math.floorDiv(System.currentTimeMillis(), 1000L);
    }

    /** Null if the catalog fails, which the first batch will find out as well. */
    private @Nullable CatalogMark firstMark() {
        try (WriteBatch none = catalog.begin()) {
            return none.mark();
        } catch (CatalogException e) {
            onFailure(e);
            return null;
        }
    }

    private Optional<FileSystemId> catalogPlace() {
        try (var directory =
                posix.files().open(catalog.place().directory(), Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY))) {
            return Optional.of(
                    new FileKeys(posix).fileSystem(directory, posix.files().status(directory)));
        } catch (PosixException e) {
            return Optional.empty();
        }
    }

    /** For the options of the scan. */
    public Observing observing() {
        return observing;
    }

    /**
     * The listener of the scan. Called once, before the scan reads anything; waits for whoever writes to the catalog, up to 10 s for
     * other programs.
     */
    public ScanListener results() {
        catalogPlace = catalogPlace();
        mark = firstMark();
        return new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                thread.add(result);
            }
        };
    }

    /** Up to now; any thread. */
    public RecordCounts counts() {
        return tally.counts();
    }

    /** Why the catalog failed, if it did; any thread. */
    public synchronized Optional<CatalogException> failure() {
        return Optional.ofNullable(failure);
    }

    private void process(List<FileResult> batch) throws IOException {
        List<RecordedFile> judged = new ArrayList<>(batch.size());
        if (failure().isEmpty()) {
            try (WriteBatch changes = catalog.begin()) {
                CatalogMark now = changes.mark();
                isAlone &= now.equals(mark);
                for (FileResult result : batch) {
                    judged.add(judge.judge(changes, result, isAlone));
                    count(result);
                }
                changes.put(checkpoint(RUNNING));
                changes.commit();
                mark = now.afterOwnCommit();
                baselines.endStates();
            } catch (CatalogException e) {
                onFailure(e);
                judged.clear();
            }
        }
        stopIfAsked();
        if (judged.isEmpty()) {
            batch.forEach(result -> judged.add(RecordedFile.unjudged(result)));
        }
        for (RecordedFile file : judged) {
            report(file);
        }
    }

    private void count(FileResult result) {
        files++;
        bytes += result.bytes();
        failed += result.error().isPresent() ? 1 : 0;
    }

    private ScanCheckpoint checkpoint(String state) {
        return new ScanCheckpoint(
                id,
                id,
                state,
                startedSeconds,
                nowSeconds(),
                new ScanCheckpoint.Counters(files, bytes, failed),
                NOTHING,
                NOTHING);
    }

    private void report(RecordedFile file) throws IOException {
        file.observed()
                .filter(seen ->
                        !isPlaceTold && Optional.of(seen.key().fileSystem()).equals(catalogPlace))
                .ifPresent(seen -> {
                    isPlaceTold = true;
                    listener.onCatalogBesideFiles(catalog.place().database(), file.path());
                });
        tally.add(file);
        listener.onRecorded(places.of(file));
    }

    private synchronized void onFailure(CatalogException e) {
        if (failure == null) {
            failure = e;
        }
    }

    private void stopIfAsked() throws CatalogException {
        Optional<CatalogException> why = failure();
        if (why.isEmpty()) {
            return;
        }
        if (onFailure == OnFailure.STOP) {
            throw why.get();
        }
        boolean isFirst;
        synchronized (this) {
            isFirst = !isFailureTold;
            isFailureTold = true;
        }
        if (isFirst) {
            listener.onCatalogFailure(why.get());
        }
    }

    /**
     * Called when the scan has ended: waits until its last results are recorded and passed on, then looks for files that the catalog
     * knows and the scan did not find.
     *
     * @param trees directories and files whose missing files are looked for; none if the scan did not read all that is below them
     * @param isWhole whether the scan came to its end
     */
    public RecordCounts finish(List<BytePath> trees, boolean isWhole) throws IOException, InterruptedException {
        thread.end();
        stopIfAsked();
        if (failure().isEmpty()) {
            try {
                for (BytePath tree : isWhole ? trees : List.<BytePath>of()) {
                    new MissingFiles(catalog, judge, startedSeconds)
                            .find(judge.names().of(tree), this::report);
                }
                try (WriteBatch changes = catalog.begin()) {
                    changes.put(checkpoint(isWhole ? "done" : "stopped"));
                    changes.commit();
                }
            } catch (CatalogException e) {
                onFailure(e);
                stopIfAsked();
            }
        }
        return counts();
    }

    /** Ends the thread, after what it was given, and closes the connections. */
    @Override
    public void close() throws CatalogException {
        boolean interrupted = false;
        try {
            thread.end();
        } catch (InterruptedException e) {
            interrupted = true;
        } catch (IOException | RuntimeException e) {
            // Thrown by finish() as well, or the scan has ended by it.
        }
        baselines.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
