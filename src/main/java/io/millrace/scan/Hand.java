// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.NativeBuffer;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one scanning thread uses again for every file: a buffer, and the digests of the files it owns. */
final class Hand implements AutoCloseable {
    private final NativeBuffer buffer;
    private final Map<DigestAlgorithm, Digest> byAlgorithm = new EnumMap<>(DigestAlgorithm.class);
    private final List<Digest> all;

    /** Those of the file that it owns now. */
    private Set<DigestAlgorithm> chosen;

    private List<Digest> digests;

    Hand(int bufferBytes, Set<DigestAlgorithm> algorithms) {
        buffer = NativeBuffer.allocate(bufferBytes);
        algorithms.forEach(algorithm -> byAlgorithm.put(algorithm, algorithm.start()));
        all = List.copyOf(byAlgorithm.values());
        chosen = byAlgorithm.keySet();
        digests = all;
    }

    /** For the next file: these of its digests only. */
    void choose(Set<DigestAlgorithm> wanted) {
        if (wanted.containsAll(byAlgorithm.keySet())) {
            chosen = byAlgorithm.keySet();
            digests = all;
        } else {
            var some = new EnumMap<>(byAlgorithm);
            some.keySet().retainAll(wanted);
            chosen = some.keySet();
            digests = List.copyOf(some.values());
        }
    }

    NativeBuffer buffer() {
        return buffer;
    }

    List<Digest> digests() {
        return digests;
    }

    /** The values, and the digests ready for the next file. */
    Map<DigestAlgorithm, byte[]> finish() {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        byAlgorithm.forEach((algorithm, digest) -> {
            if (chosen.contains(algorithm)) {
                values.put(algorithm, digest.finish());
            }
        });
        return values;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
