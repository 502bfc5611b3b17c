// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Advice;
import io.millrace.posix.ByteRange;
import io.millrace.posix.FileStatus;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.OptionalLong;

/**
 * What became of a file that was to leave the page cache. Dirty pages stay until they are written, and pages that a
 * process has mapped or a pipe holds until it lets go.
 *
 * @param before as it was
 * @param after as it is
 * @param dirtyBytes of what is left, not yet written or being written; empty where the kernel does not count it
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
        posix.pages().fadvise(file, WHOLE_FILE, Advice.DONTNEED);
        var after = FileResidency.look(posix, traits, file, status, mostSlices);
        return new Eviction(before, after, dirtyBytes(posix, traits, file, after));
    }

    private static OptionalLong dirtyBytes(Posix posix, MountTraits traits, OwnedFd file, FileResidency after)
            throws PosixException {
        if (!traits.cachestat() || after.residentBytes().isEmpty()) {
            return OptionalLong.empty();
        }
        var count = posix.pages().cachestat(file, WHOLE_FILE);
        long dirty = (count.dirty() + count.writeback()) * posix.pages().pageBytes();
        return OptionalLong.of(Math.min(dirty, after.residentBytes().getAsLong()));
    }
}
