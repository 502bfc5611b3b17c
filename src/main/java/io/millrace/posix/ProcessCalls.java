// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

/** Calls on this process and its threads. */
public interface ProcessCalls {
    /** geteuid(2). */
    int effectiveUser();

    /**
     * ioprio_set(2) for the calling thread.
     *
     * @param level 0 (first) to 7 within the class; 0 for {@link IoClass#NONE}. EPERM for {@link IoClass#REALTIME} without CAP_SYS_ADMIN or
     *     CAP_SYS_NICE
     */
    void setIoPriority(IoClass ioClass, int level) throws PosixException;
}
