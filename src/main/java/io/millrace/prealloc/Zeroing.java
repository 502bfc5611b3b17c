// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.Posix;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalLong;
import java.util.stream.LongStream;

/**
 * Makes a range of a file read as zeros: by the file system if it can, otherwise by writing them. Keeps length and
 * blocks. Stateless.
 */
record Zeroing(Posix posix) {
    private static final int BUFFER_BYTES = 1 << 20;
    private static final long PIECE_BYTES = 32L << 20;

    void zero(OwnedFd file, ByteRange range) throws PosixException {
        long end = Math.min(range.endBytes(), posix.files().status(file).sizeBytes());
        if (range.offsetBytes() >= end) {
            return; // a range beyond the end of the file reads as zeros once the file grows
        }
        ByteRange within = ByteRange.between(range.offsetBytes(), end);
        try {
            posix.space().fallocate(file, FallocateMode.ZERO_KEEP_SIZE, within);
        } catch (PosixException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            overwriteData(file, within);
        }
    }

    /** Splits the range into pieces small enough that a stop request is noticed soon. */
    Iterable<ByteRange> pieces(ByteRange range) {
        long end = range.endBytes();
        return () -> LongStream.iterate(range.offsetBytes(), at -> at < end, at -> at + PIECE_BYTES)
                .mapToObj(at -> ByteRange.between(at, end - at > PIECE_BYTES ? at + PIECE_BYTES : end))
                .iterator();
    }

    /** Writes zeros and starts their writeback: a later fsync of gigabytes at once would delay other writers. */
    void write(OwnedFd file, ByteRange piece) throws PosixException {
        try (var zeros = zeros()) {
            for (long at = piece.offsetBytes(); at < piece.endBytes(); at += BUFFER_BYTES) {
                posix.io().pwrite(file, zeros, ByteRange.between(at, Math.min(piece.endBytes(), at + BUFFER_BYTES)));
            }
        }
        posix.files().fdatasync(file);
    }

    private static NativeBuffer zeros() {
        var zeros = NativeBuffer.allocate(BUFFER_BYTES);
        zeros.first(BUFFER_BYTES).put(new byte[BUFFER_BYTES]);
        return zeros;
    }

    private void overwriteData(OwnedFd file, ByteRange range) throws PosixException {
        try (var zeros = zeros()) {
            OptionalLong data = posix.files().seekData(file, range.offsetBytes());
            while (data.isPresent() && data.getAsLong() < range.endBytes()) {
                long start = data.getAsLong();
                long end = Math.min(posix.files().seekHole(file, start).orElse(range.endBytes()), range.endBytes());
                for (long at = start; at < end; at += BUFFER_BYTES) {
                    posix.io().pwrite(file, zeros, ByteRange.between(at, Math.min(end, at + BUFFER_BYTES)));
                }
                data = posix.files().seekData(file, end);
            }
        }
    }
}
