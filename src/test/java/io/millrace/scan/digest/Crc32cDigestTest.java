// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** RFC 3720, B.4, whose bytes are in the order of the wire: the value's least significant byte first. */
class Crc32cDigestTest {
    private static String crc(byte[] bytes) {
        try (var digest = DigestAlgorithm.CRC32C.start();
                var buffer = NativeBuffer.allocate(bytes.length)) {
            var unused = buffer.first(bytes.length).put(bytes);
            int third = bytes.length / 3;
            digest.update(buffer, 0, third);
            digest.update(buffer, third, bytes.length - third);
            return HexFormat.of().formatHex(digest.finish());
        }
    }

    private static byte[] bytes(int from, int step) {
        var buffer = ByteBuffer.allocate(32);
        IntStream.range(0, 32).forEach(i -> buffer.put((byte) (from + step * i)));
        return buffer.array();
    }

    @Test
    void givesThePublishedValues() {
        assertThat(crc(bytes(0, 0))).isEqualTo("8a9136aa");
        assertThat(crc(bytes(0xFF, 0))).isEqualTo("62a8ab43");
        assertThat(crc(bytes(0, 1))).isEqualTo("46dd794e");
        assertThat(crc(bytes(31, -1))).isEqualTo("113fdb5c");
        assertThat(crc("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo("e3069283");
    }
}
