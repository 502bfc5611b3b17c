// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.libc.NativeBuffer;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.digest.DigestChoice;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * One scanning thread's reusable state: a read buffer, and the digests of the file that the thread owns. The thread
 * that created it uses and closes it.
 */
final class DigestBuffer implements AutoCloseable {
    private final NativeBuffer buffer;
    private final Map<DigestAlgorithm, Digest> all = new EnumMap<>(DigestAlgorithm.class);

    /** The digests of the current file. */
    private Map<DigestAlgorithm, Digest> chosen = all;

    private List<Digest> digests;

    DigestBuffer(int bufferBytes, Set<DigestAlgorithm> algorithms) {
        buffer = NativeBuffer.allocate(bufferBytes);
        algorithms.forEach(algorithm -> all.put(algorithm, algorithm.start()));
        digests = List.copyOf(all.values());
    }

    /** Selects the digests for the next file. */
    void choose(Set<DigestAlgorithm> wanted) {
        if (wanted == DigestChoice.EVERY || wanted.containsAll(all.keySet())) {
            use(all);
        } else {
            var some = new EnumMap<>(all);
            some.keySet().retainAll(wanted);
            use(some);
        }
    }

    private void use(Map<DigestAlgorithm, Digest> which) {
        if (which != chosen) { // rare
            chosen = which;
            digests = List.copyOf(which.values());
        }
    }

    NativeBuffer buffer() {
        return buffer;
    }

    List<Digest> digests() {
        return digests;
    }

    /** Returns the digest values and resets the digests for the next file. */
    Map<DigestAlgorithm, byte[]> finish() {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (Map.Entry<DigestAlgorithm, Digest> each : chosen.entrySet()) {
            values.put(each.getKey(), each.getValue().finish());
        }
        return values;
    }

    /**
     * Returns the digest values over the first {@code lengthBytes} of the buffer, which are a whole file, and resets
     * the digests.
     */
    Map<DigestAlgorithm, byte[]> digest(int lengthBytes) {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (Map.Entry<DigestAlgorithm, Digest> each : chosen.entrySet()) {
            values.put(each.getKey(), each.getValue().of(buffer, 0, lengthBytes));
        }
        return values;
    }

    @Override
    public void close() {
        all.values().forEach(Digest::close);
        buffer.close();
    }
}
