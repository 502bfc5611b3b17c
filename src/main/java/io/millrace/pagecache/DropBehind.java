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
 * What happens behind the slowest consumer: pages that were cold are let go, and what remains is compared with the
 * survey. Used under the lock of its window.
 */
final class DropBehind {
    /** What is let go at a time: large folios do not go in small steps, and many small calls fight for locks. */
    private static final long BATCH_BYTES = 8 << 20;

    /** The largest folio: one may lie across the end of a batch, and then goes only with the next. */
    private static final long FOLIO_BYTES = 2 << 20;

    /** How long the end of a scan waits at most for readahead that the device has not answered yet. */
    private static final long READAHEAD_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(2);

    private static final long READAHEAD_POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Pieces that would not go at first, kept for the last sweep; each costs at most a kilobyte. */
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

    /** Without a residency to ask, everything counts as cold and nothing is compared. */
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

    /** All consumers have passed an offset. */
    void passed(long offsetBytes, ReadStrategy strategy) throws PosixException {
        if (offsetBytes - releasedTo >= BATCH_BYTES) {
            sampleGauge();
            release(offsetBytes, strategy);
            compareAll(offsetBytes - FOLIO_BYTES);
        }
    }

    /**
     * Nobody reads any more: lets go of the rest, readahead that nobody came for included, and sweeps once more.
     *
     * @param readTo how far anybody has read
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
     * Waits for readahead that is still under way where a scan ends before the end of the file: such pages are locked, and
     * posix_fadvise(2) passes over them.
     */
    private void awaitReadahead(Residency residency, long readTo) throws PosixException {
        var ahead = ByteRange.between(Math.max(range.offsetBytes(), readTo - FOLIO_BYTES), survey.reached());
        long deadline = System.nanoTime() + READAHEAD_TIMEOUT_NANOS;
        while (residency.isReadUnderWay(file, ahead) && System.nanoTime() - deadline < 0) {
            LockSupport.parkNanos(READAHEAD_POLL_NANOS);
        }
    }

    /** Lets go of what was cold up to an offset, and once more of the folio that lay across the last offset. */
    private void release(long endBytes, ReadStrategy strategy) throws PosixException {
        if (strategy == ReadStrategy.DROP_BEHIND) {
            long from = Math.max(range.offsetBytes(), releasedTo - FOLIO_BYTES);
            drop(survey.coldRuns(ByteRange.between(from, endBytes)));
        }
        releasedTo = endBytes;
    }

    /** Once more as a whole: pages of holes, which nobody surveyed, and what would not go at first. */
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

    /** Compares the pieces that nobody will touch again with what they were. */
    private void compareAll(long beforeBytes) throws PosixException {
        ResidencyBitmap piece = survey.retire(beforeBytes);
        while (piece != null && residency != null) {
            compare(piece, residency);
            piece = survey.retire(beforeBytes);
        }
    }

    private void compare(ResidencyBitmap before, Residency residency) throws PosixException {
        boolean untouched = before.isFull() && tally.releasedBytes == 0; // nothing could come or go
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

    /** Once more what would not go: pages sat in a pipe, or were readahead that came late. */
    private void sweep(Residency residency, ReadStrategy strategy) throws PosixException {
        for (ResidencyBitmap before : unclean) {
            if (strategy != ReadStrategy.PLAIN) {
                drop(before.coldRuns(before.range()));
            }
            tally.leftBytes += before.addedBytes(residency.pages(file, before.range()));
        }
    }

    /** Worth the question only after reads of what was cold. */
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
