// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.List;
import java.util.Set;

/** System calls that report events in a directory (inotify(7), Linux 2.6.27). Any thread. */
public interface InotifyCalls {
    /**
     * inotify_init1(2), close-on-exec, non-blocking. EMFILE: the limit of the user's instances (usually 128) or of the
     * process's descriptors is reached. The caller closes the result, and polls it for input.
     */
    OwnedFd inotify() throws PosixException;

    /**
     * inotify_add_watch(2) of an open directory through /proc/self/fd, whatever its path leads to by now. Changes to
     * open files that have no name there any more are not reported (IN_EXCL_UNLINK, Linux 2.6.36). ENOSPC: the limit
     * of the user's watches is reached.
     *
     * @return the watch descriptor, which events contain
     */
    int watch(OwnedFd inotify, OwnedFd directory, Set<Change> changes) throws PosixException;

    /** read(2) of the events since the last call, in order; empty if there are none. Does not block. */
    List<InotifyEvent> events(OwnedFd inotify) throws PosixException;
}
