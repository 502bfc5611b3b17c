// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

final class LinuxProcessCalls implements ProcessCalls {
    static final long IOPRIO_WHO_PROCESS = 1;
    static final int CLASS_SHIFT = 13;

    private final int effectiveUser = LibC.geteuid(); // nothing in a JVM changes it

    @Override
    public int effectiveUser() {
        return effectiveUser;
    }

    @Override
    public void setIoPriority(IoClass ioClass, int level) throws PosixException {
        if (level < 0 || level > 7) {
            throw new IllegalArgumentException("I/O priority " + level + " is not within 0 to 7");
        }
        long priority = (long) ioClass.number << CLASS_SHIFT | level;
        Check.checkErrno(
                "ioprio_set", "this thread", () -> LibC.syscall(Abi.HERE.ioprioSet, IOPRIO_WHO_PROCESS, 0, priority));
    }
}
