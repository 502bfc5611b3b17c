// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Drops the pages that were cold once the slowest consumer has passed, and compares what remains with the
 * {@link ResidencySnapshot}. Used under the lock of its window.
 */
final class DropBehind {
    /**
     * Bytes dropped per call: large folios cannot be dropped in small steps, and many small calls contend for locks.
     */
    private static final long BATCH_BYTES = 8 << 20;

    /** The largest folio: one may cross the end of a batch, and is then dropped only with the next batch. */
    private static final long FOLIO_BYTES = 2 << 20;

    /** Longest wait at the end of a scan for readahead that the device has not completed. */
    private static final long READAHEAD_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long READAHEAD_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Pieces that could not be dropped at first, kept for the last sweep; each needs at most a kilobyte. */
    private static final int MAX_UNCLEAN = 1024;

    private final Posix posix;
    private final OwnedFd file;
    private final ResidencySnapshot survey;
    private final @Nullable Residency residency;
    private final PeakGauge gauge;
    private final CacheEffectCounter tally;
    private final ByteRange range;
    private final List<ResidencyBitmap> unclean = new ArrayList<>();
    private long releasedTo;
    private long gaugedBytes;
    private long sampledReads;

    /** Without a residency everything counts as cold and nothing is compared. */
    DropBehind(
            Posix posix,
            OwnedFd file,
            ByteRange range,
            ResidencySnapshot survey,
            @Nullable Residency residency,
            PeakGauge gauge,
            CacheEffectCounter tally) {
        this.posix = posix;
        this.file = file;
        this.range = range;
        this.releasedTo = range.offsetBytes();
        this.survey = survey;
        this.residency = residency;
        this.gauge = gauge;
        this.tally = tally;
    }

    /** Called when all consumers have passed an offset. */
    void passed(long offsetBytes, ReadStrategy strategy) throws PosixException {
        if (offsetBytes - releasedTo >= BATCH_BYTES) {
            sampleGauge();
            release(offsetBytes, strategy);
            compareAll(offsetBytes - FOLIO_BYTES);
        }
    }

    /**
     * Called after the last read: drops the rest, including readahead that no consumer read, and sweeps once more.
     *
     * @param readTo end of the last read
     */
    void finish(ReadStrategy strategy, long readTo) throws PosixException {
        try {
            if (strategy != ReadStrategy.PLAIN && residency != null && readTo < survey.reached()) {
                awaitReadahead(residency, readTo);
            }
            if (strategy == ReadStrategy.DROP_BEHIND) {
                sampleGauge();
            }
            release(Math.max(releasedTo, survey.reached()), strategy);
            compareAll(Long.MAX_VALUE);
            if (residency != null) {
                sweep(residency, strategy);
            } else if (strategy == ReadStrategy.DROP_BEHIND) {
                dropAll();
            }
        } finally {
            unclean.clear();
            gauge.change(-gaugedBytes);
            gaugedBytes = 0;
        }
    }

    /**
     * Waits for readahead in progress if a scan ends before the end of the file: such pages are locked, and
     * posix_fadvise(2) skips them.
     */
    private void awaitReadahead(Residency residency, long readTo) throws PosixException {
        var ahead = ByteRange.between(Math.max(range.offsetBytes(), readTo - FOLIO_BYTES), survey.reached());
        long deadline = System.nanoTime() + READAHEAD_TIMEOUT_NANOS;
        while (residency.isReadUnderWay(file, ahead) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(READAHEAD_POLL_NANOS);
        }
    }

    /** Drops the cold pages up to an offset, and again the folio that crossed the last offset. */
    private void release(long endBytes, ReadStrategy strategy) throws PosixException {
        if (strategy == ReadStrategy.DROP_BEHIND) {
            long from = Math.max(range.offsetBytes(), releasedTo - FOLIO_BYTES);
            drop(survey.coldRuns(ByteRange.between(from, endBytes)));
        }
        releasedTo = endBytes;
    }

    /**
     * Drops the whole range once more: pages of holes, which were not in the snapshot, and pages that could not be
     * dropped before.
     */
    private void dropAll() throws PosixException {
        var all = ByteRange.between(range.offsetBytes(), Math.max(range.endBytes(), survey.reached()));
        if (!all.isEmpty()) {
            var unused = PageAdvice.give(posix, file, all, Advice.DONTNEED);
        }
    }

    private void drop(List<ByteRange> runs) throws PosixException {
        for (ByteRange run : runs) {
            boolean given = PageAdvice.give(posix, file, run, Advice.DONTNEED);
            tally.releasedBytes += given ? run.lengthBytes() : 0;
        }
    }

    /** Compares the pieces that will not be read again with the snapshot. */
    private void compareAll(long beforeBytes) throws PosixException {
        ResidencyBitmap piece = survey.retire(beforeBytes);
        while (piece != null && residency != null) {
            compare(piece, residency);
            piece = survey.retire(beforeBytes);
        }
    }

    private void compare(ResidencyBitmap before, Residency residency) throws PosixException {
        boolean untouched = before.isFull() && tally.releasedBytes == 0; // no page could appear or disappear
        ResidencyBitmap now = untouched ? before : residency.pages(file, before.range());
        tally.hotBeforeBytes += before.residentBytes();
        tally.hotAfterBytes += before.keptBytes(now);
        long added = before.addedBytes(now);
        if (added > 0 && unclean.size() < MAX_UNCLEAN) {
            unclean.add(before);
        } else {
            tally.leftBytes += added;
        }
    }

    /** Retries the pieces that could not be dropped: their pages were in a pipe, or arrived late by readahead. */
    private void sweep(Residency residency, ReadStrategy strategy) throws PosixException {
        for (ResidencyBitmap before : unclean) {
            if (strategy != ReadStrategy.PLAIN) {
                drop(before.coldRuns(before.range()));
            }
            tally.leftBytes += before.addedBytes(residency.pages(file, before.range()));
        }
    }

    /** Samples the gauge, only if cold pages were read. */
    private void sampleGauge() throws PosixException {
        long coldReads = tally.dontCacheBytes + tally.dropBehindBytes;
        if (coldReads == sampledReads) {
            return;
        }
        sampledReads = coldReads;
        long now = survey.addedBytes();
        gauge.change(now - gaugedBytes);
        gaugedBytes = now;
    }
}
