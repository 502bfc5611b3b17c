// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.Posix;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import java.util.Set;

/**
 * Whether the file system of a directory supports fallocate(2).
 *
 * @param why why this could not be determined, in one line; empty if it could
 */
public record FallocateSupport(Answer answer, String why) {
    /** The result of the probe. */
    public enum Answer {
        YES,
        /** Only glibc's emulation works. */
        NO,
        UNKNOWN
    }

    private static final ByteRange A_LITTLE = new ByteRange(0, 4096);

    /**
     * Probes with a file that never has a name; its block is released before this returns.
     *
     * @param device the expected file system: the directory may be on another one, reached by a link
     */
    public static FallocateSupport probe(Posix posix, BytePath directory, long device) {
        var flags = Set.of(OpenFlag.TEMPORARY, OpenFlag.READ_WRITE);
        try (var file = posix.files().create(directory, flags, 0600)) {
            if (posix.files().status(file).device() != device) {
                return new FallocateSupport(Answer.UNKNOWN, directory + ": is on another file system");
            }
            posix.space().fallocate(file, FallocateMode.RESERVE, A_LITTLE);
            return new FallocateSupport(Answer.YES, "");
        } catch (PosixException e) {
            boolean lacking = e.call().equals("fallocate") && e.is(Errno.EOPNOTSUPP);
            return lacking
                    ? new FallocateSupport(Answer.NO, "")
                    : new FallocateSupport(Answer.UNKNOWN, String.valueOf(e.getMessage()));
        }
    }
}
