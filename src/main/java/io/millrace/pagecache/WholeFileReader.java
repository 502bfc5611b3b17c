// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that fit into one buffer, for a single consumer: one residency check, one read, and one advice if
 * something is to be dropped. Affects the page cache, and counts the effect, as a {@link Window} does, without the
 * overhead for many chunks and consumers.
 *
 * <p>For each file call {@link #begin}, {@link #read} and {@link #end}, in this order. The descriptor stays the
 * caller's. One thread.
 */
public final class WholeFileReader {
    /** Small enough to be digested from a core's own caches. */
    public static final int MAX_BYTES = 1 << 20;

    /** The result of {@link #begin}. */
    public enum Residence {
        /** All of the file is in the page cache, and stays there. */
        RESIDENT,
        /** No page is resident, as far as the kernel reports. */
        STORED,
        /**
         * A part is resident, so that a {@link Window} is needed to treat the parts separately. The file was not
         * begun.
         */
        PARTLY_RESIDENT
    }

    private final Posix posix;
    private final ReadPlan.Wish wish;
    private final int maxBytes;
    private final PeakGauge gauge;
    private CacheEffectCounter tally = new CacheEffectCounter();

    /** The mount of the last file, and the plans for its files. */
    private @Nullable Mount mount;

    /** The file in progress. */
    private @Nullable Reading reading;

    private record Mount(MountTraits traits, Residency residency, ReadPlan known, ReadPlan unknown) {
        ReadPlan plan(OwnedFd file) throws PosixException {
            boolean same = known.knowledge() == ReadPlan.Knowledge.NOT_ASKED;
            return same || residency.isKnown(file) ? known : unknown;
        }
    }

    private static final class Reading {
        private final OwnedFd file;
        private final ByteRange content;
        private final ReadPlan plan;
        private final Residency residency;
        private final Residence residence;
        private ReadStrategy strategy;
        private long gaugedBytes;

        Reading(OwnedFd file, ByteRange content, ReadPlan plan, Residency residency, Residence residence) {
            this.file = file;
            this.content = content;
            this.plan = plan;
            this.residency = residency;
            this.residence = residence;
            this.strategy = residence == Residence.RESIDENT ? ReadStrategy.PLAIN : plan.strategy();
        }
    }

    /** @param bufferBytes size of the smallest buffer that {@link #read} will get */
    public WholeFileReader(Posix posix, ReadPlan.Wish wish, int bufferBytes, PeakGauge gauge) {
        this.posix = posix;
        this.wish = wish;
        this.maxBytes = Math.min(MAX_BYTES, bufferBytes);
        this.gauge = gauge;
    }

    /** Whether a file is small enough and has no holes, which a {@link Window} does not read. */
    public boolean fits(FileStatus status) {
        return status.sizeBytes() <= maxBytes && status.reservedBytes() >= status.sizeBytes();
    }

    /** Begins a file that {@link #fits}. Throws the errors of the residency calls. */
    public Residence begin(OwnedFd file, FileStatus status, MountTraits traits) throws PosixException {
        Mount at = mount;
        if (at == null || at.traits() != traits) {
            at = new Mount(
                    traits,
                    new Residency(posix, traits),
                    ReadPlan.of(traits, true, wish),
                    ReadPlan.of(traits, false, wish));
            mount = at;
        }
        ReadPlan plan = at.plan(file);
        var content = new ByteRange(0, status.sizeBytes());
        Residence residence = Residence.STORED;
        if (plan.residencyKnown() && !content.isEmpty()) {
            long resident = at.residency().residentBytes(file, content);
            residence = resident == 0
                    ? Residence.STORED
                    : resident == content.lengthBytes() ? Residence.RESIDENT : Residence.PARTLY_RESIDENT;
        }
        reading = residence == Residence.PARTLY_RESIDENT
                ? null
                : new Reading(file, content, plan, at.residency(), residence);
        return residence;
    }

    /**
     * Reads the file into the start of a buffer.
     *
     * @return bytes read; fewer than the file's size only if it has shrunk
     */
    public int read(NativeBuffer buffer) throws PosixException {
        Reading now = current();
        if (now.content.isEmpty()) {
            return 0;
        }
        if (now.strategy == ReadStrategy.DROP_BEHIND) {
            now.gaugedBytes = now.content.lengthBytes();
            gauge.change(now.gaugedBytes);
        }
        int count;
        try {
            count = now.strategy.read(posix, now.file, buffer, now.content);
        } catch (PosixException e) {
            if (!now.strategy.isRefused(e)) {
                throw e;
            }
            now.strategy = now.plan.withoutDontCache(); // the mount supports it, but this file does not
            return read(buffer);
        }
        tally.read(now.strategy, count, now.plan.knowledge());
        return count;
    }

    /** Restores the page cache as the plan requires; must be called after a failed read, too. */
    public void end() throws PosixException {
        Reading now = current();
        reading = null;
        try {
            if (now.content.isEmpty()) {
                return;
            }
            if (now.strategy == ReadStrategy.DROP_BEHIND) {
                drop(now);
            }
            if (now.residence == Residence.RESIDENT) {
                tally.hotBeforeBytes += now.content.lengthBytes(); // no page could appear or disappear
                tally.hotAfterBytes += now.content.lengthBytes();
            } else if (now.plan.residencyKnown()) {
                tally.leftBytes += left(now);
            }
        } finally {
            gauge.change(-now.gaugedBytes);
        }
    }

    /** Bytes that the read left resident, after a second attempt to drop them. */
    private long left(Reading now) throws PosixException {
        long left = now.residency.residentBytes(now.file, now.content);
        if (left > 0 && now.strategy != ReadStrategy.PLAIN) {
            drop(now);
            left = now.residency.residentBytes(now.file, now.content);
        }
        return left;
    }

    private void drop(Reading now) throws PosixException {
        boolean given = PageAdvice.give(posix, now.file, now.content, Advice.DONTNEED);
        tally.releasedBytes += given ? now.content.lengthBytes() : 0;
    }

    private Reading current() {
        Reading now = reading;
        if (now == null) {
            throw new IllegalStateException("no file has begun");
        }
        return now;
    }

    /** Returns the effect on the page cache since the last call. */
    public CacheEffect takeEffect() {
        CacheEffect effect = tally.toEffect();
        tally = new CacheEffectCounter();
        return effect;
    }
}
