// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalLong;

/**
 * What became of a file that was to leave the page cache. Dirty pages stay until they are written, and pages that a
 * process has mapped or a pipe holds until it lets go.
 *
 * @param before as it was
 * @param after as it is
 * @param dirtyBytes not yet written, or being written, when it was to go; empty where the kernel does not count it
 */
public record Eviction(FileResidency before, FileResidency after, OptionalLong dirtyBytes) {
    /** Whether dirty pages are written first: fdatasync(2), whose first failure is final. */
    public enum Dirty {
        WRITE,
        LEAVE
    }

    private static final ByteRange WHOLE_FILE = new ByteRange(0, 0);

    /** Advises DONTNEED for all of a file, and looks what that did. {@code mostSlices} as of {@link FileResidency}. */
    public static Eviction of(
            Posix posix, MountTraits traits, OwnedFd file, FileStatus status, Dirty dirty, int mostSlices)
            throws PosixException {
        var before = FileResidency.look(posix, traits, file, status, 0);
        if (dirty == Dirty.WRITE) {
            posix.files().fdatasync(file);
        }
        // Before the advice, which starts to write them: afterwards they may be clean, and yet still be there.
        OptionalLong dirtyBytes = before.residentBytes().isPresent() && traits.cachestat()
                ? dirtyBytes(posix, file)
                : OptionalLong.empty();
        posix.pages().fadvise(file, WHOLE_FILE, Advice.DONTNEED);
        var after = FileResidency.look(posix, traits, file, status, mostSlices);
        return new Eviction(before, after, dirtyBytes);
    }

    private static OptionalLong dirtyBytes(Posix posix, OwnedFd file) throws PosixException {
        try {
            var count = posix.pages().cachestat(file, WHOLE_FILE);
            return OptionalLong.of(
                    (count.dirty() + count.writeback()) * posix.pages().pageBytes());
        } catch (PosixException e) {
            if (e.is(Errno.EPERM)) { // by a system call filter: see Residency
                return OptionalLong.empty();
            }
            throw e;
        }
    }
}
