// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * What came of reading one file through a window with one consumer.
 *
 * @param sha256 in hexadecimal
 */
record Reading(String sha256, ReadPlan plan, CacheEffect effect, long peakBytes) {
    static final int CHUNK_BYTES = 4 << 20;

    static Reading of(Posix posix, Path file, ReadPlan.Wish wish) throws IOException, InterruptedException {
        var gauge = new PeakGauge();
        var sha256 = newDigest();
        try (var fd = Stage.open(file)) {
            var status = posix.files().status(fd);
            var traits = MountTraits.probe(posix, fd, status);
            var plan = ReadPlan.choose(posix, traits, fd, wish);
            var whole = new ByteRange(0, status.sizeBytes());
            var window = new Window(posix, traits, plan, fd, status, whole, CHUNK_BYTES, gauge);
            try (window) {
                drain(window, window.join(), sha256, Long.MAX_VALUE);
            }
            String digest = HexFormat.of().formatHex(sha256.digest());
            return new Reading(digest, plan, window.effect(), gauge.peakBytes());
        }
    }

    static MessageDigest newDigest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    /** One consumer's way through a file, or through its first {@code mostBytes}. */
    static void drain(Window window, Window.Cursor cursor, MessageDigest digest, long mostBytes)
            throws IOException, InterruptedException {
        try (var buffer = NativeBuffer.allocate(CHUNK_BYTES)) {
            @Nullable Chunk chunk = cursor.next(CHUNK_BYTES);
            while (chunk != null) {
                digest(window, chunk, buffer, digest);
                cursor.done(chunk.range().endBytes());
                chunk = chunk.range().endBytes() < mostBytes ? cursor.next(CHUNK_BYTES) : null;
            }
        }
    }

    static void digest(Window window, Chunk chunk, NativeBuffer buffer, MessageDigest digest) throws IOException {
        if (chunk.kind() == Chunk.Kind.HOLE) {
            for (long left = chunk.range().lengthBytes(); left > 0; left -= CHUNK_BYTES) {
                digest.update(ByteBuffer.allocate((int) Math.min(left, CHUNK_BYTES)));
            }
        } else {
            digest.update(buffer.first(window.read(chunk, buffer)));
        }
    }
}
