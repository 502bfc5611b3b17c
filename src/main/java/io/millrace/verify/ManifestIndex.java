// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;

/**
 * Index of all manifest lines by file name. It uses about 40 bytes per line plus the name and the digests, outside the
 * Java heap. The garbage collector frees this memory, because threads of an abandoned scan that is blocked in a system
 * call may still read it. One thread loads it; afterwards any thread may look up.
 */
final class ManifestIndex {
    // Field offsets in a record.
    private static final int NEXT = 0; // next line about the same file
    private static final int FOLLOWING = 4; // the next file, in a file's first line
    private static final int HASH = 8;
    private static final int LINE = 12;
    private static final int SIZE = 16;
    private static final int MANIFEST = 24;
    private static final int NAME_LENGTH = 28;
    private static final int ALGORITHMS = 32; // bit mask
    private static final int NAME = 36;

    private static final DigestAlgorithm[] ALGORITHM = DigestAlgorithm.values();

    private final NormalPath normal;
    private final RecordStore store = new RecordStore();
    private final ReferenceTable table = new ReferenceTable(this::hash);
    private final Set<DigestAlgorithm> algorithms = EnumSet.noneOf(DigestAlgorithm.class);
    private int first = RecordStore.NONE;
    private int last = RecordStore.NONE;
    private long files;

    /** {@code normal}: decides which names denote the same file. */
    ManifestIndex(NormalPath normal) {
        this.normal = normal;
    }

    /** Adds a line, unless an equivalent one exists. Returns the earlier lines about the same file. */
    List<Expectation> add(int manifest, int number, ManifestLine line) {
        byte[] key = normal.of(line.name());
        int hash = hashOf(key);
        int head = table.find(hash, reference -> isNamed(reference, key));
        List<Expectation> others = head == RecordStore.NONE ? List.of() : lines(head);
        if (others.stream().anyMatch(other -> saysAllOf(other, line))) {
            return others;
        }
        int reference = write(hash, manifest, number, line);
        if (head == RecordStore.NONE) {
            table.add(reference);
            if (last == RecordStore.NONE) {
                first = reference;
            } else {
                set(last, FOLLOWING, reference);
            }
            last = reference;
            files++;
        } else {
            int end = head;
            while (get(end, NEXT) != RecordStore.NONE) {
                end = get(end, NEXT);
            }
            set(end, NEXT, reference);
        }
        algorithms.addAll(line.digests().keySet());
        return others;
    }

    private static boolean saysAllOf(Expectation other, ManifestLine line) {
        return (line.sizeBytes() == ManifestLine.NO_SIZE || line.sizeBytes() == other.sizeBytes())
                && line.digests().entrySet().stream()
                        .allMatch(digest -> Arrays.equals(other.digests().get(digest.getKey()), digest.getValue()));
    }

    private int write(int hash, int manifest, int number, ManifestLine line) {
        int bits = 0;
        int length = NAME + line.name().length;
        for (Map.Entry<DigestAlgorithm, byte[]> digest : line.digests().entrySet()) {
            bits |= 1 << digest.getKey().ordinal();
            length += digest.getValue().length;
        }
        int reference = store.append(length);
        ByteBuffer memory = store.memory(reference);
        int at = RecordStore.offset(reference);
        memory.putInt(at + NEXT, RecordStore.NONE)
                .putInt(at + FOLLOWING, RecordStore.NONE)
                .putInt(at + HASH, hash)
                .putInt(at + LINE, number)
                .putLong(at + SIZE, line.sizeBytes())
                .putInt(at + MANIFEST, manifest)
                .putInt(at + NAME_LENGTH, line.name().length)
                .putInt(at + ALGORITHMS, bits)
                .put(at + NAME, line.name());
        int end = at + NAME + line.name().length;
        for (DigestAlgorithm algorithm : ALGORITHM) {
            byte[] value = line.digests().get(algorithm);
            if (value != null) {
                memory.put(end, value);
                end += value.length;
            }
        }
        return reference;
    }

    /** Returns all lines about a file; empty if there is none. */
    List<Expectation> find(BytePath path) {
        byte[] key = normal.of(path.toBytes());
        int head = table.find(hashOf(key), reference -> isNamed(reference, key));
        return head == RecordStore.NONE ? List.of() : lines(head);
    }

    private List<Expectation> lines(int head) {
        var lines = new ArrayList<Expectation>(1);
        for (int reference = head; reference != RecordStore.NONE; reference = get(reference, NEXT)) {
            lines.add(line(reference));
        }
        return lines;
    }

    private Expectation line(int reference) {
        ByteBuffer memory = store.memory(reference);
        int at = RecordStore.offset(reference);
        int end = at + NAME + memory.getInt(at + NAME_LENGTH);
        int bits = memory.getInt(at + ALGORITHMS);
        var digests = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (DigestAlgorithm algorithm : ALGORITHM) {
            if ((bits & 1 << algorithm.ordinal()) != 0) {
                byte[] value = new byte[DigestNames.digits(algorithm) / 2];
                memory.get(end, value);
                end += value.length;
                digests.put(algorithm, value);
            }
        }
        return new Expectation(
                memory.getInt(at + MANIFEST), memory.getInt(at + LINE), memory.getLong(at + SIZE), digests);
    }

    /** Returns the files in the order of their first occurrence, with the name used there. */
    Iterator<BytePath> names() {
        return new Iterator<>() {
            private int next = first;

            @Override
            public boolean hasNext() {
                return next != RecordStore.NONE;
            }

            @Override
            public BytePath next() {
                if (next == RecordStore.NONE) {
                    throw new NoSuchElementException();
                }
                BytePath path = BytePath.of(name(next));
                next = get(next, FOLLOWING);
                return path;
            }
        };
    }

    long files() {
        return files;
    }

    /** Returns all digests that occur. */
    Set<DigestAlgorithm> algorithms() {
        return algorithms;
    }

    NormalPath normal() {
        return normal;
    }

    private static int hashOf(byte[] key) {
        return (int) Hashing.xxh3_64().hashBytesToLong(key);
    }

    private boolean isNamed(int reference, byte[] key) {
        return Arrays.equals(normal.of(name(reference)), key);
    }

    private byte[] name(int reference) {
        byte[] name = new byte[get(reference, NAME_LENGTH)];
        store.memory(reference).get(RecordStore.offset(reference) + NAME, name);
        return name;
    }

    private int hash(int reference) {
        return get(reference, HASH);
    }

    private int get(int reference, int field) {
        return store.memory(reference).getInt(RecordStore.offset(reference) + field);
    }

    private void set(int reference, int field, int value) {
        store.memory(reference).putInt(RecordStore.offset(reference) + field, value);
    }
}
