// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import io.millrace.posix.libc.ByteRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.OptionalInt;

/**
 * The CRC-32C of each block of 1 MiB of a file, and whether the block was read from the device or may have come from the page
 * cache. Blocks that nobody could read in a settled state have none. Immutable; built by a {@link Builder}.
 */
public final class BlockSums {
    public static final int BLOCK_BYTES = 1 << 20;

    private static final int SHIFT = Crc32cCombiner.shiftBy(BLOCK_BYTES);

    private final long sizeBytes;
    private final int[] sums;
    private final BitSet known;
    private final BitSet device;

    private BlockSums(long sizeBytes, int[] sums, BitSet known, BitSet device) {
        this.sizeBytes = sizeBytes;
        this.sums = sums;
        this.known = known;
        this.device = device;
    }

    /** Where the bytes of a block came from. */
    public enum Provenance {
        DEVICE,
        /** From the page cache, or it could not be known. */
        CACHE
    }

    /** Collects sums in any order; one thread. */
    public static final class Builder {
        private final long sizeBytes;
        private final int[] sums;
        private final BitSet known;
        private final BitSet device;

        private Builder(long sizeBytes, int[] sums, BitSet known, BitSet device) {
            this.sizeBytes = sizeBytes;
            this.sums = sums;
            this.known = known;
            this.device = device;
        }

        public Builder put(int block, int crc32c, Provenance from) {
            sums[block] = crc32c;
            known.set(block);
            device.set(block, from == Provenance.DEVICE);
            return this;
        }

        public BlockSums build() {
            return new BlockSums(sizeBytes, sums.clone(), (BitSet) known.clone(), (BitSet) device.clone());
        }
    }

    /** Of a file of this length, with no block known yet. */
    public static Builder builder(long sizeBytes) {
        return new Builder(sizeBytes, new int[countOf(sizeBytes)], new BitSet(), new BitSet());
    }

    /** Of a file of this length of which no block is known. */
    public static BlockSums none(long sizeBytes) {
        return builder(sizeBytes).build();
    }

    /**
     * As they were stored.
     *
     * @param provenance as {@link #provenanceBytes()}
     * @throws IllegalArgumentException where lengths do not fit together
     */
    public static BlockSums ofStored(long sizeBytes, byte[] sums, byte[] provenance) {
        if (sums.length == 0) {
            return none(sizeBytes);
        }
        int count = countOf(sizeBytes);
        int mapBytes = mapBytes(count);
        boolean isPartial = provenance.length == 2 * mapBytes;
        if (sums.length != count * Integer.BYTES
                || provenance.length != 0 && provenance.length != mapBytes && !isPartial) {
            throw new IllegalArgumentException(sums.length + " bytes of sums and " + provenance.length
                    + " of provenance for " + count + " blocks");
        }
        var values = new int[count];
        ByteBuffer.wrap(sums).asIntBuffer().get(values);
        BitSet all = new BitSet();
        all.set(0, count);
        BitSet device = provenance.length == 0 ? all : BitSet.valueOf(Arrays.copyOf(provenance, mapBytes));
        BitSet known = isPartial ? BitSet.valueOf(Arrays.copyOfRange(provenance, mapBytes, 2 * mapBytes)) : all;
        return new BlockSums(sizeBytes, values, known, device);
    }

    /** How many blocks a file of this length has. */
    public static int countOf(long sizeBytes) {
        return Math.toIntExact((sizeBytes + BLOCK_BYTES - 1) / BLOCK_BYTES);
    }

    private static int mapBytes(int count) {
        return (count + Byte.SIZE - 1) / Byte.SIZE;
    }

    public int count() {
        return sums.length;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    public boolean isKnown(int block) {
        return known.get(block);
    }

    /** Whether at least one block is; true as well for an empty file, which has nothing to be known. */
    public boolean isAnyKnown() {
        return sums.length == 0 || !known.isEmpty();
    }

    /** Whether all are. */
    public boolean isComplete() {
        return known.cardinality() == sums.length;
    }

    public boolean isFromDevice(int block) {
        return device.get(block);
    }

    /** Whether all blocks are known and were read from the device. */
    public boolean isAllFromDevice() {
        return device.cardinality() == sums.length;
    }

    public int crc32c(int block) {
        return sums[block];
    }

    /** The bytes of a block; the last one may be shorter. */
    public ByteRange range(int block) {
        long start = (long) block * BLOCK_BYTES;
        return ByteRange.between(start, Math.min(sizeBytes, start + BLOCK_BYTES));
    }

    /** The CRC-32C of the whole file; empty where not all blocks are known. */
    public OptionalInt wholeFile() {
        if (!isComplete()) {
            return OptionalInt.empty();
        }
        int whole = 0;
        for (int block = 0; block < sums.length; block++) {
            long length = range(block).lengthBytes();
            int shift = length == BLOCK_BYTES ? SHIFT : Crc32cCombiner.shiftBy(length);
            whole = Crc32cCombiner.append(whole, sums[block], shift);
        }
        return OptionalInt.of(whole);
    }

    /**
     * These, with blocks that only a later pass knows, and with its provenance where it read the same content. Both are of one
     * length.
     */
    BlockSums completedBy(BlockSums later) {
        Builder all = new Builder(sizeBytes, sums.clone(), (BitSet) known.clone(), (BitSet) device.clone());
        for (int block = later.known.nextSetBit(0); block >= 0; block = later.known.nextSetBit(block + 1)) {
            boolean isSame = known.get(block) && sums[block] == later.sums[block];
            if (!known.get(block) || isSame && later.device.get(block)) {
                all = all.put(block, later.sums[block], later.device.get(block) ? Provenance.DEVICE : Provenance.CACHE);
            }
        }
        return all.build();
    }

    /** Whether no block that both know differs. */
    boolean agreesWith(BlockSums other) {
        int common = Math.min(sums.length, other.sums.length);
        for (int block = 0; block < common; block++) {
            if (known.get(block) && other.known.get(block) && sums[block] != other.sums[block]) {
                return false;
            }
        }
        return true;
    }

    /** Those of the blocks that lie within a shorter length as a whole. */
    BlockSums wholeBlocks() {
        int whole = (int) (sizeBytes / BLOCK_BYTES);
        BitSet left = (BitSet) known.clone();
        left.clear(whole, Math.max(whole, sums.length));
        return new BlockSums(sizeBytes, sums, left, device);
    }

    /** Four bytes a block, most significant first; empty where no block is known. */
    public byte[] sumBytes() {
        if (known.isEmpty()) {
            return new byte[0];
        }
        var bytes = ByteBuffer.allocate(sums.length * Integer.BYTES);
        bytes.asIntBuffer().put(sums);
        return bytes.array();
    }

    /**
     * Empty where all blocks were read from the device, or none is known; else a bit a block that was (the first block in the
     * lowest bit), and where not all blocks are known as many bits again for those that are.
     */
    public byte[] provenanceBytes() {
        if (known.isEmpty() || isAllFromDevice()) {
            return new byte[0];
        }
        int mapBytes = mapBytes(sums.length);
        var bytes = new byte[isComplete() ? mapBytes : 2 * mapBytes];
        copy(device, bytes, 0);
        if (!isComplete()) {
            copy(known, bytes, mapBytes);
        }
        return bytes;
    }

    private static void copy(BitSet bits, byte[] to, int at) {
        byte[] from = bits.toByteArray();
        System.arraycopy(from, 0, to, at, from.length);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockSums blocks
                && sizeBytes == blocks.sizeBytes
                && known.equals(blocks.known)
                && device.equals(blocks.device)
                && Arrays.equals(sums, blocks.sums);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(sums) + Long.hashCode(sizeBytes);
    }

    @Override
    public String toString() {
        return known.cardinality() + " of " + sums.length + " blocks, " + device.cardinality() + " from the device";
    }
}
