// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.Observation;
import io.millrace.pagecache.Provenance;
import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.TreeMap;

/** Collects what is seen of the blocks of one file; a later look at a block replaces an earlier one. One thread. */
final class ObservationDraft {
    private final Subject subject;
    private final long sizeBytes;
    private final Provenance[] origins;
    private final int[] sums;
    private final BitSet unstable = new BitSet();
    private final TreeMap<Integer, Integer> cached = new TreeMap<>();
    private boolean isDirtKnown = true;
    private boolean isRevised;

    ObservationDraft(Subject subject) {
        this.subject = subject;
        this.sizeBytes = subject.file().status().sizeBytes();
        int count = BlockSums.countOf(sizeBytes);
        this.origins = new Provenance[count];
        this.sums = new int[count];
    }

    /** {@code sum} means nothing for a block without bytes. */
    void put(int block, Provenance from, int sum) {
        origins[block] = from;
        sums[block] = sum;
    }

    void cached(int block, int sum) {
        cached.put(block, sum);
    }

    void unstable(int block) {
        unstable.set(block);
    }

    /** A later read of a block gave something else than the digests got. */
    void revised() {
        isRevised = true;
    }

    void dirtUnknown() {
        isDirtKnown = false;
    }

    int sum(int block) {
        return sums[block];
    }

    Provenance origin(int block) {
        Provenance from = origins[block];
        return from == null ? Provenance.UNREADABLE : from;
    }

    int count() {
        return origins.length;
    }

    ByteRange range(int block) {
        long start = (long) block * BlockSums.BLOCK_BYTES;
        return ByteRange.between(start, Math.min(sizeBytes, start + BlockSums.BLOCK_BYTES));
    }

    /** Whether digests of the whole file are of what the sums are of. */
    boolean isWhole() {
        if (isRevised) {
            return false;
        }
        for (int block = 0; block < origins.length; block++) {
            if (!origin(block).hasBytes()) {
                return false;
            }
        }
        return true;
    }

    ObservedFile build(DigestValues digests, boolean changed) {
        BlockSums.Builder blocks = BlockSums.builder(sizeBytes);
        BytesByOrigin bytes = BytesByOrigin.NONE;
        List<ByteRange> unreadable = new ArrayList<>();
        var unsettled = new BitSet();
        for (int block = 0; block < origins.length; block++) {
            Provenance from = origin(block);
            bytes = bytes.plus(from, range(block).lengthBytes());
            switch (from) {
                case DEVICE, HOLE -> blocks = blocks.put(block, sums[block], BlockSums.Provenance.DEVICE);
                case CACHE, UNKNOWN -> blocks = blocks.put(block, sums[block], BlockSums.Provenance.CACHE);
                case UNSETTLED -> unsettled.set(block);
                case UNREADABLE -> blocks = unreadable(block, blocks, unreadable);
            }
        }
        var builder = Observation.builder(subject.state(), subject.readAtNanos(), blocks.build())
                .digests(digests);
        builder = changed ? builder.changedMeanwhile() : builder;
        builder = isDirtKnown ? builder : builder.dirtinessUnknown();
        for (int block = unsettled.nextSetBit(0); block >= 0; block = unsettled.nextSetBit(block + 1)) {
            builder = builder.unsettled(block);
        }
        for (int block = unstable.nextSetBit(0); block >= 0; block = unstable.nextSetBit(block + 1)) {
            builder = builder.unstable(block);
        }
        for (var copy : cached.entrySet()) {
            builder = builder.cached(copy.getKey(), copy.getValue());
        }
        return new ObservedFile(
                subject.key(),
                subject.file().status().links(),
                subject.isGiven(),
                subject.stored(),
                builder.build(),
                bytes,
                unreadable);
    }

    /**
     * A block that the device refuses and of which the page cache has the recorded content is as urgent as one that the device
     * gives wrongly, and is told so: as one with another sum.
     */
    private BlockSums.Builder unreadable(int block, BlockSums.Builder blocks, List<ByteRange> unreadable) {
        var expected = subject.expected(block);
        Integer copy = cached.get(block);
        if (expected.isPresent() && copy != null && copy == expected.getAsInt()) {
            return blocks.put(block, ~copy, BlockSums.Provenance.DEVICE);
        }
        cached.remove(block);
        int last = unreadable.size() - 1;
        ByteRange range = range(block);
        if (last >= 0 && unreadable.get(last).endBytes() == range.offsetBytes()) {
            unreadable.set(last, ByteRange.between(unreadable.get(last).offsetBytes(), range.endBytes()));
        } else {
            unreadable.add(range);
        }
        return blocks;
    }
}
