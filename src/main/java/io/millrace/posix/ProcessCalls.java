// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.OptionalInt;

/** Calls on this process and its threads. */
public interface ProcessCalls {
    /** geteuid(2). */
    int effectiveUser();

    /** ioprio_set(2) for the calling thread. EPERM for {@link IoClass#REALTIME} without CAP_SYS_ADMIN or CAP_SYS_NICE. */
    void setIoPriority(IoPriority priority) throws PosixException;

    /** getcwd(2): this process's working directory, ENOENT once it is removed. */
    BytePath workingDirectory() throws PosixException;

    /** The user of this name by /etc/passwd, unsigned as the kernel has it; empty where there is none. */
    OptionalInt userId(String name) throws PosixException;

    /** The group of this name by /etc/group, unsigned as the kernel has it; empty where there is none. */
    OptionalInt groupId(String name) throws PosixException;
}
