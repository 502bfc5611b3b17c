// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/** posix_fadvise(2) where what was read is right without it: a filter that forbids the call does not fail the file. */
final class PageAdvice {
    private PageAdvice() {}

    /** Whether the kernel took the advice. What stays in the page cache without is counted as left there. */
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
