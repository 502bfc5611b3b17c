// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * System calls for child processes. A child is the leader of its own process group, and inherits only the descriptors
 * of its standard streams. Any thread.
 */
public interface ChildCalls {
    /**
     * A child that has not been reaped.
     *
     * @param pid its process id, which is its process group id too; for messages
     * @param pidfd readable once it has ended (pidfd_open(2)); the caller closes it. Empty if the kernel does not
     *     support it: use {@link ChildCalls#hasExited} then
     */
    record ChildProcess(int pid, Optional<OwnedFd> pidfd) {}

    /**
     * Starts a program by posix_spawn(3): descriptors 0, 1 and 2 as requested and all others closed
     * (posix_spawn_file_actions_addclosefrom_np, glibc 2.34), an empty signal mask, every signal at its default, a new
     * process group (with a terminal: a new session), no ambient capability (capabilities(7); the calling thread loses
     * its own, too, which does not affect it); then pidfd_open(2) (Linux 5.3; skipped on ENOSYS or EPERM). ENOENT,
     * EACCES, ENOEXEC and similar errors concern the program; EAGAIN, ENOMEM, EMFILE the system. The descriptors in
     * the request stay the caller's. The caller owns the result, and must {@link #reap} it and close its pidfd.
     */
    ChildProcess spawn(SpawnRequest request) throws PosixException;

    /**
     * waitid(2) with P_PID and WNOHANG: reaps the child and returns its exit status; empty while it runs. After a
     * status was returned, the process id and the group id must not be used any more.
     */
    Optional<ExitStatus> reap(ChildProcess child) throws PosixException;

    /** waitid(2) with WNOWAIT: whether the child has exited; does not reap it. Does not block. */
    boolean hasExited(ChildProcess child) throws PosixException;

    /**
     * waitid(2) with P_ALL and WNOWAIT: returns a child of this process that has exited, whoever started it; does not
     * reap it.
     */
    OptionalInt anyExited() throws PosixException;

    /**
     * waitid(2) with P_PID for a child that was not spawned here: reaps it; false while it runs, or if it is no child.
     */
    boolean reapOrphan(int pid) throws PosixException;

    /**
     * Whether orphans become children of this process: it is PID 1 of its PID namespace (pid_namespaces(7)) or a
     * subreaper (PR_GET_CHILD_SUBREAPER, prctl(2)).
     */
    boolean adoptsOrphans();

    /**
     * kill(2) of the child's whole process group, and of the child if it has left the group. Only valid before
     * {@link #reap} has returned a status.
     */
    void signalGroup(ChildProcess child, ProcessSignal signal) throws PosixException;

    /**
     * setpriority(2) of the child's process group: -20 (highest) to 19. EACCES for a value below the present one
     * without privilege.
     */
    void setNiceness(ChildProcess child, int niceness) throws PosixException;

    /** ioprio_set(2) of the child's process group; see {@link ProcessCalls#setIoPriority}. */
    void setIoPriority(ChildProcess child, IoPriority priority) throws PosixException;
}
