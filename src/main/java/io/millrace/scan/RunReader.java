// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Provenance;
import io.millrace.pagecache.WholeFileReader;
import io.millrace.pagecache.WholeFileReader.Residence;
import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.FileObserver;
import io.millrace.scan.observe.LinkedFiles;
import io.millrace.scan.observe.ObservedFile;
import io.millrace.scan.observe.PassListener;
import io.millrace.scan.observe.Subject;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.FileRun;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import java.io.EOFException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads runs of files for the digests of a scan without workers. Small files are opened, read, digested and closed
 * without synchronizing with another thread. Their results are handed over together: after some milliseconds, at the
 * end of the run, and before any operation that may take long, which is a wait (for the rate limit, a pause, another
 * scan or a lease) or a read from a device that has just been slow. The reader gives back half of the run if another
 * thread finds no files, and all of it at a large file, which is read with a {@link FileReadPass}. Belongs to one
 * thread.
 */
final class RunReader {
    /** A file that took longer indicates a slow device, on which the next file may take longer still. */
    private static final long SLOW_NANOS = 1_000_000;

    /** A call that took longer has waited for the device. */
    private static final long DEVICE_NANOS = 30_000;

    private final ScanScheduler scheduler;
    private final HeldResults held;
    private final FileScanner files;
    private final FileOpener visits;
    private final ReadGate gate;
    private final ScanOptions options;
    private final ScanProgress progress;
    private final DigestBuffer digestBuffer;
    private final WholeFileReader reader;
    private final FilesInFlight.Waits waits;
    private final FileOpener.Waiting waiting = new AroundWaits();
    private final BooleanSupplier isWaitOver;
    private final PassListener onDevice = new WithinGate();

    /** Whether this thread has entered the {@link ReadGate} and not left it. */
    private boolean entered;

    /** Digested bytes of the current file. */
    private long digestedBytes;

    /** Bytes read since the last results were handed over. */
    private long storedBytes;

    private long residentBytes;

    /** How long the current file has waited for the device. */
    private long deviceNanos;

    /** Whether the next file is large and may not be read yet. */
    private boolean isLargeNext;

    RunReader(
            ScanScheduler scheduler,
            HeldResults held,
            FileScanner files,
            WholeFileReader reader,
            DigestBuffer digestBuffer,
            FilesInFlight.Waits waits) {
        this.waits = waits;
        this.scheduler = scheduler;
        this.held = held;
        this.files = files;
        this.visits = files.visits();
        this.gate = files.gate();
        this.options = files.options();
        this.progress = files.progress();
        this.reader = reader;
        this.digestBuffer = digestBuffer;
        this.isWaitOver = progress::isWaitOver;
    }

    /** Reads the run to its end, or gives back the rest. */
    void read(FileRun run) throws InterruptedException {
        try {
            isLargeNext = false;
            enter();
            while (run.hasNext() && !isLargeNext && !progress.isStopping()) {
                if (gate.isHeld()) {
                    leave();
                }
                if (!entered) {
                    enter();
                }
                if (scheduler.isStarving() && run.size() > 1) {
                    scheduler.giveBack(run.split(run.size() / 2));
                }
                readNext(run);
            }
        } finally {
            leave();
            handOver();
            if (isLargeNext) {
                scheduler.giveBackLarge(run);
            } else {
                scheduler.giveBack(run);
            }
        }
    }

    private void enter() throws InterruptedException {
        entered = gate.tryEnter();
        if (!entered) {
            handOver();
            gate.take(0, isWaitOver);
            entered = true;
        }
    }

    private void leave() {
        if (entered) {
            gate.leave();
            entered = false;
        }
    }

    private void handOver() {
        progress.addRead(Chunk.Kind.STORED, storedBytes);
        progress.addRead(Chunk.Kind.RESIDENT, residentBytes);
        storedBytes = 0;
        residentBytes = 0;
        held.handOver(reader.takeEffect());
    }

    private void count(Residence residence, long bytes) {
        if (residence == Residence.STORED) {
            storedBytes += bytes;
        } else {
            residentBytes += bytes;
        }
    }

    private void readNext(FileRun run) throws InterruptedException {
        WalkEntry found = run.next();
        long start = System.nanoTime();
        @Nullable FileResult result = null;
        @Nullable Subject subject = null;
        String error = found.error();
        digestedBytes = 0;
        deviceNanos = 0;
        if (found.isStandardInput()) {
            readStandardInput(found);
            return;
        }
        if (error == null) {
            try (var visit = visits.beginWithin(found, waiting)) {
                OpenedFile file = visit.file();
                long openNanos = System.nanoTime() - start;
                FileStatus status = file.status();
                digestBuffer.choose(options.choice().of(found.path(), status.sizeBytes()));
                subject = FileScanner.subject(found, file, digestBuffer);
                Optional<LinkedFiles.Read> linked = linked(subject);
                if (files.isUnwanted(digestBuffer)) {
                    result = files.unread(found, start);
                } else if (linked.isPresent()) {
                    result = FileScanner.linked(found, linked.get(), start);
                } else if (isForDevice(subject)) {
                    if (status.sizeBytes() <= WholeFileReader.MAX_BYTES) {
                        result = readOnDevice(found, file, start, Objects.requireNonNull(subject));
                        if (result == null) {
                            return; // the scan is to stop
                        }
                    }
                } else if (reader.fits(status)) {
                    Residence residence = reader.begin(file.fd(), status, file.traits());
                    if (residence == Residence.STORED) {
                        countWait(openNanos); // if pages are resident, so is the inode, and the open did not wait
                    }
                    if (residence != Residence.PARTLY_RESIDENT) {
                        result = readWhole(found, file, residence, start, subject);
                        if (result == null) {
                            return; // the scan is to stop
                        }
                    }
                }
                if (result == null) {
                    readByPass(run, found, file, start, subject);
                    return;
                }
            } catch (IOException | RuntimeException e) { // the scan continues with the other files
                error = ScanOutcome.describe(found, e);
            }
        }
        if (result == null) {
            result = FileResult.failed(
                    found.path(), digestedBytes, List.of(), ScanOutcome.secondsSince(start), String.valueOf(error));
        }
        long now = System.nanoTime();
        held.add(found.sequence(), result, now);
        waits.add(now - start, deviceNanos);
        if (now - start >= SLOW_NANOS || held.isDue(now)) {
            leave(); // the listener may be slow or block, which must not count as a read
            handOver();
        }
    }

    private Optional<LinkedFiles.Read> linked(@Nullable Subject subject) {
        FileObserver observer = digestBuffer.observer();
        return observer == null || subject == null
                ? Optional.empty()
                : observer.links().find(subject);
    }

    private boolean isForDevice(@Nullable Subject subject) {
        FileObserver observer = digestBuffer.observer();
        return observer != null && subject != null && observer.isForDevice(subject);
    }

    /** Reads a small file past the page cache; null if the scan is to stop. */
    private @Nullable FileResult readOnDevice(WalkEntry found, OpenedFile file, long start, Subject subject)
            throws IOException, InterruptedException {
        FileResult result = files.deviceResult(found, file, digestBuffer, start, subject, onDevice);
        return result == null ? null : FileScanner.kept(result, Objects.requireNonNull(digestBuffer.observer()));
    }

    /** Null if the scan is to stop. */
    private @Nullable FileResult readWhole(
            WalkEntry found, OpenedFile file, Residence residence, long start, @Nullable Subject subject)
            throws IOException, InterruptedException {
        long size = file.status().sizeBytes();
        Map<DigestAlgorithm, byte[]> values;
        try {
            pay(size);
            int count = residence == Residence.STORED ? readStored() : reader.read(digestBuffer.buffer());
            count(residence, count);
            if (count < size) {
                throw new EOFException("ends at byte " + count);
            }
            FileObserver observer = digestBuffer.observer();
            if (observer != null && !(residence == Residence.STORED && isCold(subject))) {
                observer.summer().cameFromCache(file.content());
            }
            values = digestBuffer.digest(count);
            digestedBytes = size;
        } catch (IOException | RuntimeException | InterruptedException e) {
            endAfter(e);
            throw e;
        }
        reader.end();
        Optional<String> change = file.change(files.posix());
        if (change.isPresent()) {
            change = Optional.of(found.path() + ": " + change.get());
        }
        var result = new FileResult(
                found.path(), size, values, List.of(), ScanOutcome.secondsSince(start), change, Optional.empty());
        return subject == null ? result : observed(result, subject);
    }

    private static boolean isCold(@Nullable Subject subject) {
        return subject != null && subject.isColdOnDevice();
    }

    private @Nullable FileResult observed(FileResult result, Subject subject)
            throws PosixException, InterruptedException {
        FileObserver observer = Objects.requireNonNull(digestBuffer.observer());
        ObservedFile seen = observer.asScanned(
                subject,
                digestBuffer.summed(),
                result.digests(),
                result.change().isPresent(),
                onDevice);
        return seen == null ? null : FileScanner.kept(result.with(seen), observer);
    }

    /** Charges the rate limits before the read, like {@link ReadGate#take}. */
    private void pay(long bytes) throws InterruptedException {
        if (gate.isFree()) {
            gate.charge(bytes);
        } else {
            leave();
            handOver();
            gate.take(bytes, isWaitOver);
            entered = true;
        }
    }

    private int readStored() throws PosixException {
        long start = System.nanoTime();
        int count = reader.read(digestBuffer.buffer());
        long nanos = System.nanoTime() - start;
        gate.wasRead(count, nanos);
        countWait(nanos);
        return count;
    }

    private void countWait(long nanos) {
        deviceNanos += nanos >= DEVICE_NANOS ? nanos : 0;
    }

    private void endAfter(Exception failure) {
        try {
            reader.end();
        } catch (PosixException e) {
            failure.addSuppressed(e);
        }
    }

    private void readStandardInput(WalkEntry found) throws InterruptedException {
        leave();
        handOver();
        held.handOver(found.sequence(), files.standardInput(found, digestBuffer));
        enter();
    }

    /** Reads a file that is large, sparse or partly resident. */
    private void readByPass(FileRun run, WalkEntry found, OpenedFile file, long start, @Nullable Subject subject)
            throws IOException, InterruptedException {
        leave();
        handOver();
        boolean isLarge = file.status().sizeBytes() > WholeFileReader.MAX_BYTES;
        if (isLarge && !scheduler.tryBeginLarge()) {
            run.putBack();
            isLargeNext = true;
            return;
        }
        if (isLarge && run.hasNext()) {
            scheduler.giveBack(run.split(run.size()));
        }
        ScanOutcome scanned = ScanOutcome.NOTHING;
        try {
            scanned = files.read(found, file, digestBuffer, start, subject);
        } catch (IOException | RuntimeException e) {
            scanned = ScanOutcome.failed(found, start, 0, CacheEffect.NONE, List.of(), ScanOutcome.describe(found, e));
        } finally {
            if (isLarge) {
                scheduler.endLarge();
            }
            held.handOver(found.sequence(), scanned);
        }
        enter();
    }

    /** A pass over the device within this thread's stay in the gate. */
    private final class WithinGate implements PassListener {
        @Override
        public void beforeRead(long bytes) throws InterruptedException {
            pay(bytes);
        }

        @Override
        public void afterRead(Provenance from, long bytes, long nanos) {
            if (from.hasBytes()) {
                count(from == Provenance.CACHE ? Residence.RESIDENT : Residence.STORED, bytes);
            }
            if (from == Provenance.DEVICE) {
                gate.wasRead(bytes, nanos);
                countWait(nanos);
            }
        }

        @Override
        public boolean isHeld() {
            return false; // a small file's read has ended when it returns
        }

        @Override
        public boolean isStopping() {
            return progress.isWaitOver();
        }
    }

    /** Leaves and enters the gate around a wait for another scan that reads the same file, or for a lease. */
    private final class AroundWaits implements FileOpener.Waiting {
        @Override
        public void run() {
            leave();
            handOver();
        }

        @Override
        public void goOn() throws InterruptedException {
            enter();
        }

        @Override
        public boolean getAsBoolean() {
            handOver();
            return progress.isWaitOver();
        }
    }
}
