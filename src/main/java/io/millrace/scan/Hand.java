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
    private final Map<DigestAlgorithm, Digest> digests = new EnumMap<>(DigestAlgorithm.class);

    Hand(int bufferBytes, Set<DigestAlgorithm> algorithms) {
        buffer = NativeBuffer.allocate(bufferBytes);
        algorithms.forEach(algorithm -> digests.put(algorithm, algorithm.start()));
    }

    NativeBuffer buffer() {
        return buffer;
    }

    List<Digest> digests() {
        return List.copyOf(digests.values());
    }

    /** The values, and the digests ready for the next file. */
    Map<DigestAlgorithm, byte[]> finish() {
        var values = new EnumMap<DigestAlgorithm, byte[]>(DigestAlgorithm.class);
        digests.forEach((algorithm, digest) -> values.put(algorithm, digest.finish()));
        return values;
    }

    @Override
    public void close() {
        buffer.close();
    }
}
