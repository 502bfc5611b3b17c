// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.pagecache.MountTraits;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Descriptor 0 as an input: a regular file, read from its current offset, or a stream. The descriptor belongs to the
 * process and stays open. One thread.
 */
public final class StandardInput {
    /** Upper bound of the delay before a stop request is noticed while no bytes arrive. */
    private static final int POLL_MILLIS = 100;

    private final Posix posix;
    private final OwnedFd fd;
    private final @Nullable OpenedFile stored;
    private final long startBytes;

    private StandardInput(Posix posix, OwnedFd fd, @Nullable OpenedFile stored, long startBytes) {
        this.posix = posix;
        this.fd = fd;
        this.stored = stored;
        this.startBytes = startBytes;
    }

    /** Throws EBADF if descriptor 0 is closed or open only for writing, and EISDIR if it is a directory. */
    public static StandardInput open(Posix posix, MountTraitsCache mounts) throws PosixException {
        OwnedFd fd = OwnedFd.standardInput();
        try (var none = NativeBuffer.allocate(1)) {
            int unused = posix.io().readNoWait(fd, none, 0); // poll(2) would wait forever on such an error
        }
        FileStatus status = posix.files().status(fd);
        if (status.type() == FileType.REGULAR) {
            MountTraits traits = mounts.traitsOf(fd, status);
            if (traits.type().holdsFiles() && traits.type().hasExactSizes()) {
                long start = posix.files().position(fd);
                return new StandardInput(posix, fd, new OpenedFile(OwnedFd.standardInput(), status, traits), start);
            }
        }
        return new StandardInput(posix, fd, null, 0);
    }

    /** Returns how many bytes are left if descriptor 0 is a regular file; empty if only reading tells. */
    public static OptionalLong sizeBytes(Posix posix) throws PosixException {
        OwnedFd fd = OwnedFd.standardInput();
        FileStatus status = posix.files().status(fd);
        return status.type() == FileType.REGULAR
                ? OptionalLong.of(Math.max(0, status.sizeBytes() - posix.files().position(fd)))
                : OptionalLong.empty();
    }

    public OwnedFd fd() {
        return fd;
    }

    /**
     * Returns the file if descriptor 0 is one with stored bytes, over which a window can slide; empty for a stream. The
     * caller closes it.
     */
    public Optional<OpenedFile> stored() {
        return Optional.ofNullable(stored);
    }

    /** Clips {@code part}, which is relative to the initial offset, to the rest of a stored file. */
    public ByteRange within(ByteRange part) {
        long end = stored == null ? 0 : Math.max(startBytes, stored.status().sizeBytes());
        long left = end - startBytes;
        long from = Math.min(part.offsetBytes(), left);
        return ByteRange.between(startBytes + from, startBytes + Math.min(part.endBytes(), left));
    }

    /** Moves the offset of a stored file for the next reader, in this process or another; pread(2) does not move it. */
    public void moveTo(long offsetBytes) throws PosixException {
        posix.files().setPosition(fd, offsetBytes);
    }

    /**
     * Waits for bytes of a stream and reads at most {@code lengthBytes} into the start of the buffer.
     *
     * @param reader poll of the output's reader, whose hang-up also ends the wait
     * @return bytes read; 0 at the end, after a hang-up, or after a stop request
     */
    public int read(NativeBuffer buffer, int lengthBytes, Optional<Poll> reader, BooleanSupplier stopping)
            throws PosixException {
        while (awaitInput(reader, stopping)) {
            int count = posix.io().readNoWait(fd, buffer, lengthBytes);
            if (count >= 0) {
                return count;
            }
        }
        return 0;
    }

    /** Waits for bytes or the end of the stream; returns false after a stop request or a hang-up of the reader. */
    public boolean awaitInput(Optional<Poll> reader, BooleanSupplier stopping) throws PosixException {
        List<Poll> polls = new ArrayList<>(List.of(Poll.forInput(fd)));
        reader.ifPresent(polls::add);
        int ready = 0;
        while (ready == 0 && !stopping.getAsBoolean()) {
            ready = posix.pipes().poll(polls, POLL_MILLIS);
        }
        return ready > 0 && !reader.map(Poll::isHungUp).orElse(false) && !stopping.getAsBoolean();
    }
}
