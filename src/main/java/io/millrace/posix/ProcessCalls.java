// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Calls on this process and its threads. */
public interface ProcessCalls {
    /** geteuid(2). */
    int effectiveUser();

    /** ioprio_set(2) for the calling thread. EPERM for {@link IoClass#REALTIME} without CAP_SYS_ADMIN or CAP_SYS_NICE. */
    void setIoPriority(IoPriority priority) throws PosixException;

    /** getcwd(2): this process's working directory, ENOENT once it is removed. */
    BytePath workingDirectory() throws PosixException;
}
