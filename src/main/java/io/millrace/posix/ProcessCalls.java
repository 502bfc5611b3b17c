// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.util.OptionalInt;

/** Calls on this process, its threads, and the names that this system has for their owners. */
public interface ProcessCalls {
    /** geteuid(2). */
    int effectiveUser();

    /** getegid(2). */
    int effectiveGroup();

    /**
     * prctl(2) with PR_SET_DUMPABLE 0: from here on {@code /proc/PID} of this process belongs to root, so that other
     * processes of the same user can neither open its memory, descriptors and environment nor trace it (ptrace(2),
     * "Ptrace access mode checking"), and it leaves no core dump. Programs that it starts are not bound by it.
     */
    void setNotDumpable() throws PosixException;

    /** ioprio_set(2) for the calling thread. EPERM for {@link IoClass#REALTIME} without CAP_SYS_ADMIN or CAP_SYS_NICE. */
    void setIoPriority(IoPriority priority) throws PosixException;

    /** getcwd(2): this process's working directory, ENOENT once it is removed. */
    BytePath workingDirectory() throws PosixException;

    /**
     * getpwnam_r(3): a user's number, read as unsigned; empty where no source of nsswitch.conf(5) knows the name. May
     * wait for a directory service. A name of digits is a name too: numbers are for the caller to tell apart.
     */
    OptionalInt userId(String name) throws PosixException;

    /** getgrnam_r(3): a group's number, as {@link #userId}. */
    OptionalInt groupId(String name) throws PosixException;
}
