// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileRecord;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Digests of a record, with the CRC-32C that follows from its blocks. Stateless. */
final class Digests {
    private static final String CRC32C = "crc32c";

    private Digests() {}

    static Optional<byte[]> of(FileRecord record, String digest) {
        return record.digests().value(digest).or(() -> digest.equals(CRC32C) ? crc32c(record) : Optional.empty());
    }

    static DigestValues all(FileRecord record) {
        Map<String, byte[]> all = new TreeMap<>(record.digests().asMap());
        crc32c(record).ifPresent(value -> all.putIfAbsent(CRC32C, value));
        return DigestValues.of(all);
    }

    private static Optional<byte[]> crc32c(FileRecord record) {
        OptionalInt whole = record.blocks().wholeFile();
        return whole.isPresent()
                ? Optional.of(ByteBuffer.allocate(Integer.BYTES)
                        .putInt(whole.getAsInt())
                        .array())
                : Optional.empty();
    }
}
