// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.List;
import java.util.Set;

/** Calls that tell what happens in a directory (inotify(7), Linux 2.6.27). */
public interface InotifyCalls {
    /**
     * inotify_init1(2), close-on-exec, non-blocking. EMFILE: the user's instances (128 as a rule) or the process's
     * descriptors are used up. The caller closes the result, and polls it for input.
     */
    OwnedFd inotify() throws PosixException;

    /**
     * inotify_add_watch(2) of an open directory, whatever its path leads to by now, by way of /proc/self/fd. Changes to
     * files that are open but have no name there any more are not told (IN_EXCL_UNLINK, Linux 2.6.36). ENOSPC: the
     * user's watches are used up.
     *
     * @return the number that events carry
     */
    int watch(OwnedFd inotify, OwnedFd directory, Set<Change> changes) throws PosixException;

    /** read(2) of what has happened since, in order; empty where nothing has. Never waits. */
    List<InotifyEvent> events(OwnedFd inotify) throws PosixException;
}
