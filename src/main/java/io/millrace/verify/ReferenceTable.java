// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.posix.libc.NativeBuffer;
import java.nio.IntBuffer;
import java.util.function.IntPredicate;
import java.util.function.IntUnaryOperator;

/**
 * A hash table of record references with open addressing, outside the Java heap. One thread adds; afterwards any thread
 * may look up.
 */
final class ReferenceTable {
    private static final int FIRST_SLOTS = 1 << 12;
    private static final int MAX_SLOTS = 1 << 28;

    private final IntUnaryOperator hashes;
    private NativeBuffer memory;
    private IntBuffer slots;
    private int count;

    /** {@code hashes}: returns the hash of the record of a reference. */
    ReferenceTable(IntUnaryOperator hashes) {
        this.hashes = hashes;
        this.memory = zeros(FIRST_SLOTS);
        this.slots = memory.first(memory.sizeBytes()).asIntBuffer();
    }

    private static NativeBuffer zeros(int slots) {
        var memory = NativeBuffer.allocate(slots * Integer.BYTES);
        byte[] zeros = new byte[FIRST_SLOTS * Integer.BYTES];
        var bytes = memory.first(memory.sizeBytes());
        while (bytes.hasRemaining()) {
            bytes.put(zeros);
        }
        return memory;
    }

    /** Returns the reference with this hash for which {@code isIt} is true, or {@link RecordStore#NONE}. */
    int find(int hash, IntPredicate isIt) {
        int mask = slots.capacity() - 1;
        int at = hash & mask;
        int reference = slots.get(at);
        while (reference != RecordStore.NONE) {
            if (hashes.applyAsInt(reference) == hash && isIt.test(reference)) {
                return reference;
            }
            at = at + 1 & mask;
            reference = slots.get(at);
        }
        return RecordStore.NONE;
    }

    /** Adds a reference that {@link #find} does not find. */
    void add(int reference) {
        if (count >= slots.capacity() / 2) {
            grow();
        }
        put(slots, reference);
        count++;
    }

    private void put(IntBuffer into, int reference) {
        int mask = into.capacity() - 1;
        int at = hashes.applyAsInt(reference) & mask;
        while (into.get(at) != RecordStore.NONE) {
            at = at + 1 & mask;
        }
        into.put(at, reference);
    }

    private void grow() {
        if (slots.capacity() == MAX_SLOTS) {
            throw new OutOfMemoryError("manifests with more than " + MAX_SLOTS / 2 + " names");
        }
        NativeBuffer larger = zeros(slots.capacity() * 2);
        IntBuffer into = larger.first(larger.sizeBytes()).asIntBuffer();
        for (int at = 0; at < slots.capacity(); at++) {
            if (slots.get(at) != RecordStore.NONE) {
                put(into, slots.get(at));
            }
        }
        memory.close();
        memory = larger;
        slots = into;
    }
}
