// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;

/** How a range of a file is read. */
public enum ReadStrategy {
    /** preadv2(RWF_DONTCACHE) in reads of 4 MiB: the kernel drops the pages that the read itself loaded. */
    DONTCACHE("dontcache"),
    /** Plain reads, and POSIX_FADV_DONTNEED for the cold runs, behind the slowest consumer. */
    DROP_BEHIND("drop-behind"),
    /** Plain reads; nothing is dropped. */
    PLAIN("plain");

    private final String words;

    ReadStrategy(String words) {
        this.words = words;
    }

    /** The name in options and JSON. */
    public String label() {
        return words;
    }

    /**
     * Reads the range once.
     *
     * @return bytes read; fewer only at the end of the file
     * @throws PosixException which {@link #isRefused} distinguishes from errors of the file
     */
    int read(Posix posix, OwnedFd file, NativeBuffer buffer, ByteRange range) throws PosixException {
        return this == DONTCACHE
                ? posix.io().preadDontCache(file, buffer, range)
                : posix.io().pread(file, buffer, range);
    }

    /** Whether the strategy itself was rejected, and {@link ReadPlan#withoutDontCache} would work. */
    boolean isRefused(PosixException failure) {
        return this == DONTCACHE && (failure.is(Errno.EOPNOTSUPP) || Fallbacks.isRefused(failure));
    }
}
