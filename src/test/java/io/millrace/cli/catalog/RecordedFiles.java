// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.BlockSums.Provenance;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.observe.FileKeys;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** A catalog that a test fills by itself, with what files hold now. */
final class RecordedFiles {
    static final long VERIFIED = 1_764_100_000;
    static final Posix POSIX = LinuxPosix.create();

    private final CatalogPlace place;

    /** @param directory exists; the catalog is made in it */
    RecordedFiles(Path directory) {
        this.place = new CatalogPlace(path(directory), Optional.empty());
    }

    static BytePath path(Path path) {
        return BytePath.of(path.toString());
    }

    Catalog open() throws IOException {
        return Catalog.open(POSIX, place, CatalogListener.NONE);
    }

    /** Records files as a scan would that read them on the device, with sha256. */
    void record(Path... files) throws Exception {
        record(record -> record, files);
    }

    /** Likewise, with a change of the record. */
    void record(UnaryOperator<FileRecord> change, Path... files) throws Exception {
        try (Catalog catalog = open();
                WriteBatch batch = catalog.begin()) {
            for (Path file : files) {
                batch.put(path(file), change.apply(of(file)));
            }
            batch.commit();
        }
    }

    static FileRecord with(FileRecord record, Verdict verdict) {
        return record.with(verdict);
    }

    static FileKey key(Path file) throws IOException {
        try (var fd = POSIX.files().open(path(file), Set.of(OpenFlag.READ_ONLY))) {
            return new FileKeys(POSIX).of(fd, POSIX.files().status(fd));
        }
    }

    static FileRecord of(Path file) throws Exception {
        FileStatus status = POSIX.files().status(path(file));
        var sums = BlockSums.builder(status.sizeBytes());
        var sha256 = MessageDigest.getInstance("SHA-256");
        byte[] block = new byte[BlockSums.BLOCK_BYTES];
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            for (int number = 0; number < BlockSums.countOf(status.sizeBytes()); number++) {
                int length = (int) Math.min(block.length, in.length() - (long) number * block.length);
                in.readFully(block, 0, length);
                var crc = new CRC32C();
                crc.update(block, 0, length);
                sums = sums.put(number, (int) crc.getValue(), Provenance.DEVICE);
                sha256.update(block, 0, length);
            }
        }
        return new FileRecord(
                key(file),
                new FileState(status.sizeBytes(), status.modifiedNanos(), status.changedNanos()),
                DigestValues.of(Map.of("sha256", sha256.digest())),
                sums.build(),
                new Verification(VERIFIED, VERIFIED, VERIFIED),
                new Standing(FileClass.SETTLED, 0, Verdict.OK));
    }

    /** What is recorded of a file now. */
    FileRecord find(Path file) throws IOException {
        try (CatalogReader reader = Catalog.openReader(POSIX, place)) {
            return reader.find(key(file)).orElseThrow();
        }
    }
}
