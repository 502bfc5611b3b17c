// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.concurrent.ConcurrentHashMap;

/** Caches the traits of each mount, probed once on the first of its files. Any thread. */
public final class MountTraitsCache {
    private final Posix posix;
    private final ConcurrentHashMap<Long, MountTraits> byDevice = new ConcurrentHashMap<>();

    public MountTraitsCache(Posix posix) {
        this.posix = posix;
    }

    /** Returns the traits of the mount of a regular file. Throws the errors of the probe's calls. */
    public MountTraits traitsOf(OwnedFd file, FileStatus status) throws PosixException {
        MountTraits known = byDevice.get(status.device());
        if (known == null) {
            known = MountTraits.probe(posix, file, status);
            byDevice.put(status.device(), known);
        }
        return known;
    }
}
