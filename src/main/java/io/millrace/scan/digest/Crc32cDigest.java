// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** CRC-32C (RFC 3720, Castagnoli), which the JVM computes in place with an intrinsic. */
public final class Crc32cDigest implements Digest {
    private final CRC32C crc = new CRC32C();

    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        crc.update(buffer.slice(offsetBytes, lengthBytes));
    }

    @Override
    public byte[] finish() {
        byte[] value =
                ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
        crc.reset();
        return value;
    }

    @Override
    public boolean isFasterThanReading() {
        return true;
    }
}
