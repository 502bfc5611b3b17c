// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import java.nio.ByteBuffer;

/**
 * Copies direct memory to an array for code that needs arrays, in pieces that fit in the core's L1 cache. One thread at
 * a time.
 */
final class Staging {
    private static final int PIECE_BYTES = 16 * 1024;

    /** Receives the first {@code length} bytes of an array that is reused afterwards. */
    interface Sink {
        void take(byte[] piece, int length);
    }

    private final byte[] piece = new byte[PIECE_BYTES];

    void pour(ByteBuffer bytes, Sink sink) {
        while (bytes.hasRemaining()) {
            int length = Math.min(bytes.remaining(), piece.length);
            bytes.get(piece, 0, length);
            sink.take(piece, length);
        }
    }
}
