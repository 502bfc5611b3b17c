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

/** What one scanning thread uses again for every file: a buffer, and the digests of the files it owns. */
final class DigestBuffer implements AutoCloseable {
    private final NativeBuffer buffer;
    private final Map<DigestAlgorithm, Digest> all = new EnumMap<>(DigestAlgorithm.class);

    /** Those of the file that it owns now. */
    private Map<DigestAlgorithm, Digest> chosen = all;

    private List<Digest> digests;

    DigestBuffer(int bufferBytes, Set<DigestAlgorithm> algorithms) {
        buffer = NativeBuffer.allocate(bufferBytes);
        algorithms.forEach(algorithm -> all.put(algorithm, algorithm.start()));
        digests = List.copyOf(all.values());
    }

    /** For the next file: these of its digests only. */
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
        if (which != chosen) { // nearly never
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

    /** The values, and the digests ready for the next file. */
    Map<DigestAlgorithm, byte[]> finish() {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        for (Map.Entry<DigestAlgorithm, Digest> each : chosen.entrySet()) {
            values.put(each.getKey(), each.getValue().finish());
        }
        return values;
    }

    /** The values over the first bytes of its buffer, which are all of a file; the digests are ready for the next one. */
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
