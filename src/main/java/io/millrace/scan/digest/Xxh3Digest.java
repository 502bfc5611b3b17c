// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import com.dynatrace.hash4j.hashing.HashStream64;
import com.dynatrace.hash4j.hashing.Hashing;
import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;

/** XXH3 with 64 bits and seed 0, like {@code xxhsum -H3}, computed by hash4j. */
final class Xxh3Digest implements Digest {
    private final HashStream64 stream = Hashing.xxh3_64().hashStream();
    private final Staging staging = new Staging();

    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        staging.pour(buffer.slice(offsetBytes, lengthBytes), (piece, length) -> stream.putBytes(piece, 0, length));
    }

    @Override
    public byte[] finish() {
        byte[] value =
                ByteBuffer.allocate(Long.BYTES).putLong(stream.getAsLong()).array();
        stream.reset();
        return value;
    }
}
