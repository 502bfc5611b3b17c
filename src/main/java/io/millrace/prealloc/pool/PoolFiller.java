// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationBatch;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.prealloc.AllocationException;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.AllocationResult;
import io.millrace.prealloc.ParentDirectory;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.PreallocatorOptions;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Creates a pool's files in batches, sized to take a short time, so that requests in between are noticed soon. The
 * keeper's thread.
 */
final class PoolFiller {
    /** Why no more files can be created. */
    record Trouble(PoolState state, String reason) {}

    /**
     * Calls of {@link AllocationBatch} before a file has its name: if one of them fails, the number was never visible.
     */
    private static final Set<String> BEFORE_NAME =
            Set.of("open", "fallocate", "posix_fallocate", "fstatfs", "statx", "fchown", "fchmod", "fsync");

    private static final Set<Refusal> NO_ROOM = Set.of(Refusal.SPACE, Refusal.INODES);
    private static final int MAX_FILES = PreallocatorOptions.DEFAULT.batchFiles();
    private static final double SHORT_SECONDS = 0.1;
    private static final double LONG_SECONDS = 0.4;
    private static final double NANOS = 1e9;

    private final Posix posix;
    private final PoolSpec spec;
    private final PoolInventory stock;
    private final PoolSequence ledger;
    private final PoolTotals totals;
    private final PoolListener listener;
    private final AllocationListener course;
    private final Preallocator preallocator;

    /** The first batch is one file: if the directory has a problem, one failure is enough. */
    private int limit = 1;

    private double batchSeconds;
    private @Nullable Trouble trouble;

    PoolFiller(
            Posix posix,
            PoolInventory stock,
            PoolSequence ledger,
            PoolTotals totals,
            PoolListener listener,
            AllocationListener course,
            PoolSpec spec) {
        this.posix = posix;
        this.spec = spec;
        this.stock = stock;
        this.ledger = ledger;
        this.totals = totals;
        this.listener = listener;
        this.course = course;
        this.preallocator = new Preallocator(posix, PreallocatorOptions.DEFAULT, course);
    }

    /** Why the last {@link #fill} ended early; null if it did not. */
    @Nullable Trouble trouble() {
        return trouble;
    }

    /** Duration of recent batches; 0 before the first. */
    double batchSeconds() {
        return batchSeconds;
    }

    /** Creates one batch of at most {@code missing} files, and at least one if there is space. */
    void fill(PoolDirectory.Visit visit, int missing, CancellationToken stop) throws IOException {
        trouble = null;
        long room = Math.max(0, visit.roomBytes(spec.reserve()).orElse(Long.MAX_VALUE) / spec.fileBytes());
        int count = (int) Math.min(room, Math.min(missing, limit));
        if (count == 0 || visit.fileSystem().lacksInodes()) {
            trouble = starved(visit.fileSystem());
            return;
        }
        long began = System.nanoTime();
        make(visit, ledger.take(count), count, stop);
        double seconds = (System.nanoTime() - began) / NANOS;
        batchSeconds = batchSeconds == 0 ? seconds : (batchSeconds + seconds) / 2;
        if (seconds > LONG_SECONDS) {
            limit = Math.max(1, count / 2);
        } else if (seconds < SHORT_SECONDS && count == limit && trouble == null) {
            limit = Math.min(MAX_FILES, limit * 2);
        }
    }

    private void make(PoolDirectory.Visit visit, long first, int count, CancellationToken stop) throws IOException {
        long began = System.nanoTime();
        List<BytePath> paths = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            paths.add(spec.directory().resolve(stock.name(first + i)));
        }
        var parent = ParentDirectory.borrowed(
                posix.files(), visit.fd(), paths.get(0).parent(), course, ledger.hiddenPrefix(), stock::lack);
        int files = 0;
        long bytes = 0;
        List<AllocationResult> outcomes = preallocator.allocate(paths, spec.request(), stop, parent);
        long unseen = first;
        for (int i = 0; i < count; i++) {
            if (outcomes.get(i) instanceof AllocationResult.Failed failed) {
                note(failed.cause(), visit);
                unseen = hadNoName(failed.cause()) ? unseen : first + i + 1;
            } else if (outcomes.get(i) instanceof AllocationResult.Reserved reserved) {
                stock.add(first + i);
                files++;
                bytes += reserved.verdict().reservedBytes();
                unseen = first + i + 1;
            }
        }
        ledger.giveBack(unseen, first + count);
        if (files > 0) {
            totals.reserved(bytes);
            listener.filled(spec.name(), files, bytes, Duration.ofNanos(System.nanoTime() - began));
        }
    }

    private static boolean hadNoName(IOException cause) {
        return cause instanceof AllocationException
                || cause instanceof PosixException e && BEFORE_NAME.contains(e.call());
    }

    private void note(IOException cause, PoolDirectory.Visit visit) throws PosixException {
        if (cause instanceof AllocationException e && NO_ROOM.contains(e.refusal())) {
            trouble = starved(posix.files().fileSystem(visit.fd()));
        } else if (cause instanceof AllocationException e && e.refusal() == Refusal.STOPPED) {
            return;
        } else if (cause instanceof PosixException e && e.is(Errno.EEXIST)) {
            return; // a foreign file has the name: skip the number
        } else if (cause instanceof PosixException e && e.is(Errno.ENOSPC)) {
            trouble = new Trouble(
                    PoolState.STARVED,
                    starved(posix.files().fileSystem(visit.fd())).reason() + "; " + cause.getMessage());
        } else if (cause instanceof PosixException e && e.is(Errno.EDQUOT)) {
            trouble = new Trouble(PoolState.STARVED, String.valueOf(cause.getMessage())); // not for want of bytes
        } else if (trouble == null) {
            trouble = new Trouble(PoolState.FAILED, String.valueOf(cause.getMessage()));
        }
    }

    private Trouble starved(FileSystemStatus fileSystem) {
        String free = ByteSize.format(fileSystem.availableBytes()) + " are free";
        if (fileSystem.lacksInodes()) {
            return new Trouble(
                    PoolState.STARVED,
                    spec.directory().display() + ": no inodes left for the next file: all " + fileSystem.totalInodes()
                            + " are in use; " + free);
        }
        long floor = spec.reserve().floorBytes(fileSystem);
        String share = spec.reserve().percent() > 0 ? " (" + spec.reserve() + ")" : "";
        return new Trouble(
                PoolState.STARVED,
                spec.directory().display() + ": no space for the next file: it needs "
                        + ByteSize.format(spec.fileBytes()) + ", " + free + ", and the reserve is "
                        + ByteSize.format(floor) + share);
    }
}
