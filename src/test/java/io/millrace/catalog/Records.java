// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.BlockSums.Provenance;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.posix.libc.BytePath;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;

/** Records to be stored. */
public final class Records {
    static final FileSystemId DISK = FileSystemId.parse("00112233445566778899aabbccddeeff");

    private Records() {}

    public static BytePath path(Path path) {
        return BytePath.of(path.toString());
    }

    public static FileKey key(long inode) {
        return new FileKey(DISK, inode, (int) (inode * 0x9E3779B9));
    }

    /** Of a small file, with what a scan by sha256 records; the same for the same number. */
    public static FileRecord small(long inode) {
        var random = new Random(inode);
        var digest = new byte[32];
        random.nextBytes(digest);
        long size = 1L + random.nextInt(60_000);
        long modified = 1_700_000_000_000_000_000L + random.nextInt() * 1_000_003L;
        return new FileRecord(
                key(inode),
                new FileState(size, modified, modified),
                DigestValues.of(Map.of("sha256", digest)),
                BlockSums.builder(size)
                        .put(0, random.nextInt(), Provenance.DEVICE)
                        .build(),
                new Verification(1_764_000_000, 1_764_100_000, 1_764_100_000),
                new Standing(FileClass.SETTLED, 0, Verdict.OK));
    }

    /** With everything that can be other than usual. */
    public static FileRecord odd(long inode) {
        var random = new Random(inode);
        long size = 5L * BlockSums.BLOCK_BYTES + 17;
        var digest = new byte[64];
        random.nextBytes(digest);
        var blocks = BlockSums.builder(size)
                .put(0, random.nextInt(), Provenance.DEVICE)
                .put(2, random.nextInt(), Provenance.CACHE)
                .put(5, random.nextInt(), Provenance.DEVICE)
                .build();
        return new FileRecord(
                new FileKey(FileSystemId.of(new byte[] {1}), -inode, -1),
                new FileState(size, Long.MAX_VALUE - 5, -3),
                DigestValues.of(Map.of("sha512", digest, "crc32c", new byte[] {1, 2, 3, 4})),
                blocks,
                new Verification(1_764_000_000, Verification.NEVER, Verification.NEVER),
                new Standing(FileClass.LIVE, 7, Verdict.DISK_BAD));
    }

    public static FileRecord empty(long inode) {
        return new FileRecord(
                key(inode),
                FileState.ofSize(0),
                DigestValues.NONE,
                BlockSums.none(0),
                new Verification(1_764_000_000, 1_764_000_000, 1_764_000_000),
                new Standing(FileClass.SETTLED, 0, Verdict.NEW));
    }
}
