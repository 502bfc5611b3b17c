// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.DigestValues;
import java.io.ByteArrayOutputStream;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which digests a row has, by number: nearly all rows have the same ones, and then have only their values, one behind the other.
 * As its connection, one thread at a time.
 */
final class DigestSets {
    private final IdTable<List<Member>> sets;

    /** A digest and how many bytes its value has. */
    private record Member(String name, int bytes) {}

    DigestSets(Database database) throws CatalogException {
        sets = new IdTable<>(database, "digest_sets", "names", new Codec());
    }

    /** {@code crc32c:4,sha256:32}. */
    private static final class Codec implements IdTable.Codec<List<Member>> {
        @Override
        public Object encode(List<Member> value) {
            return String.join(
                    ",", value.stream().map(m -> m.name() + ":" + m.bytes()).toList());
        }

        @Override
        public List<Member> decode(ResultSet row, int column) throws SQLException {
            String text = row.getString(column);
            return text.isEmpty()
                    ? List.of()
                    : Arrays.stream(text.split(",", -1)).map(Codec::member).toList();
        }

        private static Member member(String text) {
            int colon = text.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("no digest: " + text);
            }
            return new Member(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
        }
    }

    long idOf(DigestValues digests) throws SQLException {
        return sets.idOf(digests.asMap().entrySet().stream()
                .map(digest -> new Member(digest.getKey(), digest.getValue().length))
                .toList());
    }

    static byte[] values(DigestValues digests) {
        var bytes = new ByteArrayOutputStream();
        digests.asMap().values().forEach(bytes::writeBytes);
        return bytes.toByteArray();
    }

    /** {@link IllegalArgumentException} where number and values do not fit together. */
    DigestValues read(long id, byte[] values) throws SQLException {
        List<Member> members = sets.value(id);
        if (members.stream().mapToInt(Member::bytes).sum() != values.length) {
            throw new IllegalArgumentException(values.length + " bytes of digests for " + members);
        }
        if (members.isEmpty()) {
            return DigestValues.NONE;
        }
        Map<String, byte[]> digests = new LinkedHashMap<>();
        int at = 0;
        for (Member member : members) {
            digests.put(member.name(), Arrays.copyOfRange(values, at, at + member.bytes()));
            at += member.bytes();
        }
        return DigestValues.of(digests);
    }

    void forgetCached() {
        sets.forgetCached();
    }
}
