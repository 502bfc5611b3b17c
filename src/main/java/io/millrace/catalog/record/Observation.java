// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.BitSet;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a pass over a file saw. Immutable; built by a {@link Builder}.
 *
 * <p>{@link #blocks()} has the sums of what was read from the device, or from the page cache where the device could not be had
 * (the provenance tells). Where such a sum is not the recorded one and the block was resident and clean, the pass reads the
 * cached copy too: {@link #cached}. Blocks that were dirty or under writeback are {@link #unsettled} and have no sum. Whoever
 * builds this has read suspicious blocks again, twice, 100 ms apart: blocks whose later reads gave the recorded content have that
 * as their sum, and are {@link #unstable}.
 */
public final class Observation {
    private final FileState state;
    private final long readAtNanos;
    private final boolean steady;
    private final boolean dirtinessKnown;
    private final BlockSums blocks;
    private final SortedMap<Integer, Integer> cached;
    private final BitSet unsettled;
    private final BitSet unstable;
    private final DigestValues digests;

    private Observation(Builder from) {
        this.state = from.state;
        this.readAtNanos = from.readAtNanos;
        this.steady = from.steady;
        this.dirtinessKnown = from.dirtinessKnown;
        this.blocks = from.blocks;
        this.cached = new TreeMap<>(from.cached);
        this.unsettled = (BitSet) from.unsettled.clone();
        this.unstable = (BitSet) from.unstable.clone();
        this.digests = from.digests;
    }

    /** Begins as a steady file whose dirtiness is known, with no block unsettled and no digest. One thread. */
    public static final class Builder {
        private final FileState state;
        private final long readAtNanos;
        private final BlockSums blocks;
        private final TreeMap<Integer, Integer> cached = new TreeMap<>();
        private final BitSet unsettled = new BitSet();
        private final BitSet unstable = new BitSet();
        private boolean steady = true;
        private boolean dirtinessKnown = true;
        private DigestValues digests = DigestValues.NONE;

        private Builder(FileState state, long readAtNanos, BlockSums blocks) {
            this.state = state;
            this.readAtNanos = readAtNanos;
            this.blocks = blocks;
        }

        /** fstat(2) before and after the reading said different things. */
        public Builder changedMeanwhile() {
            steady = false;
            return this;
        }

        /** Neither cachestat(2) nor anything else told whether pages are dirty. */
        public Builder dirtinessUnknown() {
            dirtinessKnown = false;
            return this;
        }

        public Builder unsettled(int block) {
            unsettled.set(block);
            return this;
        }

        /** A read of this block gave other bytes than the next one. */
        public Builder unstable(int block) {
            unstable.set(block);
            return this;
        }

        /** The sum of the clean cached copy of a block that was read from the device. */
        public Builder cached(int block, int crc32c) {
            cached.put(block, crc32c);
            return this;
        }

        /** Of the whole file, from bytes that the blocks' sums are of. */
        public Builder digests(DigestValues values) {
            digests = values;
            return this;
        }

        public Observation build() {
            return new Observation(this);
        }
    }

    /** {@code readAtNanos}: the clock, nanoseconds since 1970, when reading began. */
    public static Builder builder(FileState state, long readAtNanos, BlockSums blocks) {
        if (blocks.sizeBytes() != state.sizeBytes()) {
            throw new IllegalArgumentException(
                    "sums of " + blocks.sizeBytes() + " bytes for a file of " + state.sizeBytes());
        }
        return new Builder(state, readAtNanos, blocks);
    }

    public FileState state() {
        return state;
    }

    public long readAtNanos() {
        return readAtNanos;
    }

    long readAtSeconds() {
        return Math.floorDiv(readAtNanos, 1_000_000_000L);
    }

    public BlockSums blocks() {
        return blocks;
    }

    public DigestValues digests() {
        return digests;
    }

    boolean isSteady() {
        return steady;
    }

    boolean isDirtinessKnown() {
        return dirtinessKnown;
    }

    boolean isAnyUnsettled() {
        return !unsettled.isEmpty();
    }

    boolean isUnstable(int block) {
        return unstable.get(block);
    }

    boolean hasCached(int block) {
        return cached.containsKey(block);
    }

    /** Whether the cached copy of a block has this sum. */
    boolean isCached(int block, int crc32c) {
        Integer sum = cached.get(block);
        return sum != null && sum == crc32c;
    }
}
