// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Calls on child processes. A child is the leader of a process group of its own, and holds a descriptor for nothing but
 * its standard streams.
 */
public interface ChildCalls {
    /**
     * A child that has not been reaped.
     *
     * @param pid its process id, which is its process group's too; for messages
     * @param pidfd readable once it has ended (pidfd_open(2)); the caller's to close. Empty where the kernel has none to give:
     *     then only {@link ChildCalls#hasExited} tells
     */
    record ChildProcess(int pid, Optional<OwnedFd> pidfd) {}

    /**
     * posix_spawn(3) with its end of things in order: descriptors 0, 1 and 2 as asked for and all others closed
     * (posix_spawn_file_actions_addclosefrom_np, glibc 2.34), an empty signal mask, every signal at its default, a new
     * process group (with a terminal: a new session), no ambient capability (capabilities(7); the calling thread has
     * none from then on, which changes nothing for itself), then pidfd_open(2) (Linux 5.3; without where that is ENOSYS or EPERM). ENOENT, EACCES, ENOEXEC and the
     * like are the program's; EAGAIN, ENOMEM, EMFILE the system's. The descriptors in the request stay the caller's; the
     * result is the caller's too, who must {@link #reap} it and close its pidfd.
     */
    ChildProcess spawn(SpawnRequest request) throws PosixException;

    /**
     * waitid(2) with P_PID and WNOHANG: how the child ended, and nothing is left of it; empty while it
     * runs. Once it has answered, the process and its group must not be named any more.
     */
    Optional<ExitStatus> reap(ChildProcess child) throws PosixException;

    /** waitid(2) with WNOWAIT: whether it has ended, which leaves it to be reaped. Does not wait. */
    boolean hasExited(ChildProcess child) throws PosixException;

    /** waitid(2) with P_ALL and WNOWAIT: a child of this process that has ended, whoever started it; it stays. */
    OptionalInt anyExited() throws PosixException;

    /** waitid(2) with P_PID of a child that this process did not spawn itself; false while it runs, or is none. */
    boolean reapOrphan(int pid) throws PosixException;

    /**
     * Whether processes that lose their parent become children of this one: it is the first of its PID namespace
     * (pid_namespaces(7)) or a subreaper (PR_GET_CHILD_SUBREAPER, prctl(2)).
     */
    boolean adoptsOrphans();

    /**
     * kill(2) of the child's whole process group, and of a child that has left it. Only before {@link #reap} has
     * answered.
     */
    void signalGroup(ChildProcess child, ProcessSignal signal) throws PosixException;

    /** setpriority(2) of the child's process group: -20 (first) to 19. EACCES below the present one without privilege. */
    void setNiceness(ChildProcess child, int niceness) throws PosixException;

    /** ioprio_set(2) of the child's process group; see {@link ProcessCalls#setIoPriority}. */
    void setIoPriority(ChildProcess child, IoPriority priority) throws PosixException;
}
