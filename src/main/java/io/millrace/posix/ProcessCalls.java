// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalInt;

/** System calls for this process and its threads, and the look-up of user and group names. Any thread. */
public interface ProcessCalls {
    /** geteuid(2). */
    int effectiveUser();

    /** getegid(2). */
    int effectiveGroup();

    /**
     * prctl(2) with PR_SET_DUMPABLE 0: afterwards {@code /proc/PID} of this process belongs to root, so that other
     * processes of the same user can neither open its memory, descriptors and environment nor trace it (ptrace(2),
     * "Ptrace access mode checking"), and it leaves no core dump. Programs that it starts are not affected.
     */
    void setNotDumpable() throws PosixException;

    /**
     * ioprio_set(2) for the calling thread. EPERM for {@link IoClass#REALTIME} without CAP_SYS_ADMIN or CAP_SYS_NICE.
     */
    void setIoPriority(IoPriority priority) throws PosixException;

    /** getrusage(2) with RUSAGE_THREAD: what the calling thread has used since it started (Linux 2.6.26). */
    ThreadUsage threadUsage() throws PosixException;

    /** getcwd(2): this process's working directory, ENOENT once it is removed. */
    BytePath workingDirectory() throws PosixException;

    /**
     * getpwnam_r(3): returns a user id, unsigned; empty if no source of nsswitch.conf(5) has the name. May block on a
     * directory service. A name of digits is looked up as a name: the caller recognizes numeric ids.
     */
    OptionalInt userId(String name) throws PosixException;

    /** getgrnam_r(3): returns a group id, as {@link #userId}. */
    OptionalInt groupId(String name) throws PosixException;
}
