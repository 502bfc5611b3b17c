// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.pagecache.BlockState;
import io.millrace.scan.walk.OpenedFile;
import java.util.BitSet;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A file that is open and about to be read.
 *
 * @param stored what is recorded of it
 * @param readAtNanos the clock, nanoseconds since 1970
 * @param before what of it was in the page cache
 * @param dirty blocks that were dirty or under writeback then
 */
public record Subject(
        OpenedFile file,
        FileKey key,
        boolean isGiven,
        Optional<FileRecord> stored,
        long readAtNanos,
        BlockState before,
        BitSet dirty) {

    FileState state() {
        var status = file.status();
        return new FileState(status.sizeBytes(), status.modifiedNanos(), status.changedNanos());
    }

    /** Whether it has the recorded size and mtime, so that its content should be the recorded one. */
    boolean isComparable() {
        return stored.isPresent()
                && stored.get().state().hasTimes()
                && stored.get().state().sizeBytes() == file.status().sizeBytes()
                && stored.get().state().modifiedNanos() == file.status().modifiedNanos();
    }

    /** The recorded sum of a block, where content should be the recorded one. */
    OptionalInt expected(int block) {
        if (!isComparable()) {
            return OptionalInt.empty();
        }
        BlockSums blocks = stored.orElseThrow().blocks();
        return block < blocks.count() && blocks.isKnown(block)
                ? OptionalInt.of(blocks.crc32c(block))
                : OptionalInt.empty();
    }

    boolean isSuspicious(int block, int sum) {
        OptionalInt expected = expected(block);
        return expected.isPresent() && expected.getAsInt() != sum;
    }

    /** Whether all of it comes from a block device, and nothing of it is in the page cache. */
    public boolean isColdOnDevice() {
        return before.isCold() && file.traits().type().readsBlockDevice();
    }
}
