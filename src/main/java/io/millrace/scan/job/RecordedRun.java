// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.catalog.CatalogException;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.catalog.CatalogAccess;
import io.millrace.scan.catalog.Recording;
import io.millrace.scan.catalog.ShareNames;
import io.millrace.scan.observe.BytesByOrigin;
import io.millrace.scan.observe.Observing;
import io.millrace.scan.record.RecordCounts;
import io.millrace.scan.record.RecordListener;
import io.millrace.scan.record.RecordedFile;
import io.millrace.scan.record.ScanRecorder;
import io.millrace.scan.walk.WalkSpec;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The part of a scan of a service that concerns the catalog; without one for scans that do not record. Where the catalog is not open
 * or fails, a scan that records goes on without, and one that verifies ends: a verdict is all that it is for. Its job closes it.
 */
final class RecordedRun implements AutoCloseable {
    private final ScanRequest request;
    private final CatalogAccess catalog;
    private final Gate listener;
    private final @Nullable ScanRecorder recorder;
    private final AtomicLong alarms = new AtomicLong();
    private final AtomicLong missing = new AtomicLong();
    private volatile @Nullable ShareNames share;
    private volatile boolean isPlanning;
    private volatile @Nullable String problem;

    /** Gets each file after what is recorded of it is durable. */
    interface Gate {
        void onRecorded(RecordedFile file) throws IOException;
    }

    /** Starts the recorder's thread; throws {@link io.millrace.lifecycle.ThreadShortageException}. */
    RecordedRun(Posix posix, ScanRequest request, CatalogAccess catalog, Gate listener) {
        this.request = request;
        this.catalog = catalog;
        this.listener = listener;
        this.recorder = request.recording().isAny() ? open(posix) : null;
    }

    private @Nullable ScanRecorder open(Posix posix) {
        boolean verifies = isVerifying();
        try {
            return new ScanRecorder(
                    posix,
                    catalog.catalog(),
                    request.source().orElse("request"),
                    verifies ? Observing.Reading.DEVICE : Observing.Reading.AS_SCANNED,
                    verifies ? ScanRecorder.OnFailure.STOP : ScanRecorder.OnFailure.GO_ON,
                    new Judged());
        } catch (IOException e) {
            problem = e.getMessage();
            return null;
        }
    }

    private boolean isVerifying() {
        return request.recording().mode() == Recording.Mode.VERIFY;
    }

    private final class Judged implements RecordListener {
        @Override
        public void onRecorded(RecordedFile file) throws IOException {
            if (catalog.onRecorded(file)) {
                alarms.incrementAndGet();
            }
            boolean isGone = file.verdict()
                    .filter(verdict -> verdict == Verdict.MISSING || verdict == Verdict.MOVED)
                    .isPresent();
            if (isGone && file.result() != null && file.result().error().isPresent()) {
                missing.incrementAndGet();
            }
            listener.onRecorded(file);
        }

        @Override
        public void onCatalogFailure(CatalogException failure) {
            fail(failure);
        }

        @Override
        public void onCatalogBesideFiles(BytePath database, BytePath file) {
            catalog.onCatalogBesideFiles(database, file);
        }
    }

    private void fail(CatalogException failure) {
        problem = failure.getMessage();
        catalog.onCatalogFailure(failure);
    }

    ScanOptions applyTo(ScanOptions options) {
        return recorder == null ? options : options.observing(recorder.observing());
    }

    /** The scan's listener; {@code plain} serves where nothing is recorded. */
    ScanListener listener(ScanListener plain) {
        if (recorder == null) {
            return plain;
        }
        isPlanning = true; // it may wait for others who use the catalog
        try {
            return recorder.results();
        } finally {
            isPlanning = false;
        }
    }

    /**
     * What the scan reads.
     *
     * @throws IOException why a scan that verifies cannot
     */
    WalkSpec walk(BooleanSupplier isStopped) throws IOException {
        if (isVerifying() && recorder == null) {
            throw new IOException(problem);
        }
        if (!hasShare()) {
            return request.walk();
        }
        isPlanning = true;
        try {
            ShareNames names = catalog.share(request.source().orElse(""));
            names.endWhen(isStopped);
            share = names;
            return new WalkSpec(names, Optional.empty(), request.filter(), request.order());
        } finally {
            isPlanning = false;
        }
    }

    /** Whether it reads a part of its paths. */
    boolean hasShare() {
        return request.recording().coverage().isPresent();
    }

    /** Whether it is looking for what to read, though no file is being read. */
    boolean isAdvancing(long maxIdleNanos) {
        ShareNames names = share;
        return isPlanning || (names != null && names.idleNanos() < maxIdleNanos);
    }

    /** Called when the scan has ended: waits until everything is recorded, and looks for missing files if it has read all. */
    void finish(boolean isWhole) throws IOException, InterruptedException {
        if (recorder != null) {
            RecordCounts ignored = recorder.finish(hasShare() ? List.of() : request.paths(), isWhole);
            recorder.failure().ifPresent(this::fail);
        }
    }

    /** Up to now; empty for a scan that has nothing to do with the catalog. Any thread. */
    Optional<CatalogOutcome> outcome() {
        if (!request.recording().isAny()) {
            return Optional.empty();
        }
        RecordCounts counts =
                recorder == null ? new RecordCounts(Map.of(), 0, 0, BytesByOrigin.NONE) : recorder.counts();
        return Optional.of(new CatalogOutcome(counts, alarms.get(), missing.get(), Optional.ofNullable(problem)));
    }

    /** {@code bytes}: what was read in {@code seconds}. */
    void ended(long bytes, double seconds) {
        if (request.recording().isAny()) {
            catalog.onRunEnded(request.source().orElse(""), bytes, seconds);
        }
    }

    @Override
    public void close() throws CatalogException {
        try (ShareNames names = share) {
            if (recorder != null) {
                recorder.failure().ifPresent(this::fail);
                recorder.close();
            }
        }
    }
}
