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
 * The result of evicting a file from the page cache. Dirty pages stay until they are written, and pages that a process
 * has mapped or a pipe holds stay until they are released.
 *
 * @param before residency before
 * @param after residency after
 * @param dirtyBytes dirty or under writeback before the eviction; empty if the kernel does not count them
 */
public record Eviction(FileResidency before, FileResidency after, OptionalLong dirtyBytes) {
    /** Whether dirty pages are written first: fdatasync(2), whose first failure is final. */
    public enum Dirty {
        WRITE,
        LEAVE
    }

    private static final ByteRange WHOLE_FILE = new ByteRange(0, 0);

    /** Advises DONTNEED for the whole file, and measures the result. {@code mostSlices} as in {@link FileResidency}. */
    public static Eviction of(
            Posix posix, MountTraits traits, OwnedFd file, FileStatus status, Dirty dirty, int mostSlices)
            throws PosixException {
        var before = FileResidency.look(posix, traits, file, status, 0);
        if (dirty == Dirty.WRITE) {
            posix.files().fdatasync(file);
        }
        // Counted before the advice, which starts writeback: afterwards the pages may be clean and yet still resident.
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
            if (e.is(Errno.EPERM)) { // denied by a seccomp filter: see Residency
                return OptionalLong.empty();
            }
            throw e;
        }
    }
}
