// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.Crc32cCombiner;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.scan.digest.Digest;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.zip.CRC32C;

/**
 * The CRC-32C of each block of 1 MiB, computed from the scan's own buffers as one more digest. The CRC-32C of the whole follows
 * from them without another pass. Threads as {@link Digest} says.
 */
public final class BlockSummer implements Digest {
    private final CRC32C crc = new CRC32C();
    private int[] sums = new int[1];
    private int count;
    private long lengthBytes;
    private final BitSet cached = new BitSet();

    /**
     * The sums of a file.
     *
     * @param sums one a block, and room for more
     * @param cached blocks of which some bytes may have come from the page cache
     */
    public record Summed(int[] sums, BitSet cached, long lengthBytes) {
        /** Most significant byte first. */
        public byte[] wholeFile() {
            int whole = 0;
            int blocks = BlockSums.countOf(lengthBytes);
            for (int block = 0; block < blocks; block++) {
                long start = (long) block * BlockSums.BLOCK_BYTES;
                long length = Math.min(BlockSums.BLOCK_BYTES, lengthBytes - start);
                whole = Crc32cCombiner.combine(whole, sums[block], length);
            }
            return ByteBuffer.allocate(Integer.BYTES).putInt(whole).array();
        }
    }

    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int updateBytes) {
        int at = offsetBytes;
        int left = updateBytes;
        while (left > 0) {
            int room = BlockSums.BLOCK_BYTES - (int) (lengthBytes % BlockSums.BLOCK_BYTES);
            int part = Math.min(room, left);
            crc.update(buffer.slice(at, part));
            lengthBytes += part;
            at += part;
            left -= part;
            if (part == room) {
                closeBlock();
            }
        }
    }

    /** Says that bytes of these blocks may have come from the page cache. */
    public void cameFromCache(ByteRange range) {
        int first = (int) (range.offsetBytes() / BlockSums.BLOCK_BYTES);
        cached.set(first, BlockSums.countOf(range.endBytes()));
    }

    private void closeBlock() {
        if (count == sums.length) {
            sums = Arrays.copyOf(sums, 2 * count);
        }
        sums[count] = (int) crc.getValue();
        count++;
        crc.reset();
    }

    /** The sums of what came since the last call. */
    public Summed take() {
        if (lengthBytes % BlockSums.BLOCK_BYTES != 0) {
            closeBlock();
        }
        var taken = new Summed(sums, (BitSet) cached.clone(), lengthBytes);
        sums = new int[1];
        count = 0;
        lengthBytes = 0;
        cached.clear();
        crc.reset();
        return taken;
    }

    @Override
    public byte[] finish() {
        return take().wholeFile();
    }

    @Override
    public boolean isFasterThanReading() {
        return true;
    }
}
