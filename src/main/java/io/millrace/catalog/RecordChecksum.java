// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.catalog.record.FileRecord;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The sum that each row carries of itself, over values and not over SQLite's encoding of them: a row that took another one's
 * place, or lost a bit that SQLite does not miss, is told. One thread.
 */
final class RecordChecksum {
    private final CRC32C crc = new CRC32C();
    private final byte[] number = new byte[Long.BYTES];
    private final ByteBuffer buffer = ByteBuffer.wrap(number);

    @CanIgnoreReturnValue
    private RecordChecksum add(long value) {
        buffer.putLong(0, value);
        crc.update(number, 0, number.length);
        return this;
    }

    /** With its length, so that what is between two fields cannot move. */
    @CanIgnoreReturnValue
    private RecordChecksum add(byte[] bytes) {
        add(bytes.length);
        crc.update(bytes, 0, bytes.length);
        return this;
    }

    @CanIgnoreReturnValue
    private RecordChecksum add(String text) {
        return add(text.getBytes(StandardCharsets.UTF_8));
    }

    private int end() {
        int value = (int) crc.getValue();
        crc.reset();
        return value;
    }

    int of(FileRecord record) {
        add(record.key().fileSystem().toBytes())
                .add(record.key().inode())
                .add(record.key().generation());
        add(record.state().sizeBytes())
                .add(record.state().modifiedNanos())
                .add(record.state().changedNanos());
        for (Map.Entry<String, byte[]> digest : record.digests().asMap().entrySet()) {
            add(digest.getKey()).add(digest.getValue());
        }
        add(record.blocks().sumBytes()).add(record.blocks().provenanceBytes());
        add(record.verification().firstSeen())
                .add(record.verification().lastVerified())
                .add(record.verification().lastOnDevice());
        add(record.standing().type().code())
                .add(record.standing().unsettledPasses())
                .add(record.standing().verdict().code());
        return end();
    }

    int of(ScanCheckpoint scan) {
        add(scan.id()).add(scan.specification()).add(scan.state());
        add(scan.startedSeconds()).add(scan.updatedSeconds());
        add(scan.counters().files())
                .add(scan.counters().bytes())
                .add(scan.counters().failed());
        add(scan.position()).add(scan.digestState());
        return end();
    }
}
