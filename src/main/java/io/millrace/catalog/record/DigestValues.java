// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.Arrays;
import java.util.Collections;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Digests of a whole file by their names, as options have them ({@code sha256}); also {@code fsverity-sha256}, the root digest of
 * fs-verity. Immutable.
 */
public final class DigestValues {
    public static final DigestValues NONE = new DigestValues(new TreeMap<>());

    private final TreeMap<String, byte[]> values;

    private DigestValues(TreeMap<String, byte[]> values) {
        this.values = values;
    }

    /** Takes copies. A name has no comma and no colon. */
    public static DigestValues of(Map<String, byte[]> values) {
        var copies = new TreeMap<String, byte[]>();
        values.forEach((name, value) -> {
            if (name.isEmpty() || name.indexOf(',') >= 0 || name.indexOf(':') >= 0 || value.length == 0) {
                throw new IllegalArgumentException("no digest: " + name + " of " + value.length + " bytes");
            }
            copies.put(name, value.clone());
        });
        return new DigestValues(copies);
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    /** In the order of their names. The arrays are not to be changed. */
    public Map<String, byte[]> asMap() {
        return Collections.unmodifiableMap(values);
    }

    /** A copy. */
    public Optional<byte[]> value(String name) {
        return Optional.ofNullable(values.get(name)).map(byte[]::clone);
    }

    /** Whether both have a digest of one name with different values. */
    public boolean contradicts(DigestValues other) {
        return values.entrySet().stream().anyMatch(entry -> {
            byte[] theirs = other.values.get(entry.getKey());
            return theirs != null && !Arrays.equals(theirs, entry.getValue());
        });
    }

    /** Whether both have a digest of one name. */
    public boolean isComparableTo(DigestValues other) {
        return values.keySet().stream().anyMatch(other.values::containsKey);
    }

    /** These, and those of another that have other names. */
    DigestValues completedBy(DigestValues other) {
        var all = new TreeMap<>(other.values);
        all.putAll(values);
        return new DigestValues(all);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DigestValues digests
                && values.keySet().equals(digests.values.keySet())
                && !contradicts(digests);
    }

    @Override
    public int hashCode() {
        return values.keySet().hashCode();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        values.forEach((name, value) -> text.append(text.isEmpty() ? "" : " ")
                .append(name)
                .append('=')
                .append(HexFormat.of().formatHex(value)));
        return text.toString();
    }
}
