// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/**
 * Calls posix_fadvise(2) as an optimization: a seccomp filter that forbids the call does not fail the file. Stateless.
 */
final class PageAdvice {
    private PageAdvice() {}

    /** Returns whether the kernel accepted the advice. Pages that stay resident without it are counted as left. */
    static boolean give(Posix posix, OwnedFd file, ByteRange range, Advice advice) throws PosixException {
        try {
            posix.pages().fadvise(file, range, advice);
            return true;
        } catch (PosixException e) {
            if (!Fallbacks.isRefused(e)) {
                throw e;
            }
            Fallbacks.use(e, "nothing is dropped from the page cache behind a read");
            return false;
        }
    }
}
