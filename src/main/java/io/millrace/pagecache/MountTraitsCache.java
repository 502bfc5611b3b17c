// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.concurrent.ConcurrentHashMap;

/** The traits of the mounts met so far, each probed once, on the first of its files. Any thread. */
public final class MountTraitsCache {
    private final Posix posix;
    private final ConcurrentHashMap<Long, MountTraits> byDevice = new ConcurrentHashMap<>();

    public MountTraitsCache(Posix posix) {
        this.posix = posix;
    }

    /** The traits of the mount under a regular file. Throws what the probe's calls throw. */
    public MountTraits traitsOf(OwnedFd file, FileStatus status) throws PosixException {
        MountTraits known = byDevice.get(status.device());
        if (known == null) {
            known = MountTraits.probe(posix, file, status);
            byDevice.put(status.device(), known);
        }
        return known;
    }
}
