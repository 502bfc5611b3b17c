// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import com.sun.jna.Memory;
import io.millrace.posix.AccountDatabase;
import io.millrace.posix.IoPriority;
import io.millrace.posix.ProcessCalls;
import io.millrace.posix.ThreadUsage;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.LibCOnDemand;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.util.OptionalInt;

public final class LinuxProcessCalls implements ProcessCalls {
    static final long IOPRIO_WHO_PROCESS = 1;

    static final long PR_SET_DUMPABLE = 4;

    static final int RUSAGE_THREAD = 1;

    private static final ThreadLocal<StructMemory> USAGE = StructMemory.ofBytes(ThreadUsage.STRUCT_BYTES);

    private final int effectiveUser = LibC.geteuid(); // nothing in a JVM changes it
    private final int effectiveGroup = LibC.getegid();

    @Override
    public int effectiveUser() {
        return effectiveUser;
    }

    @Override
    public int effectiveGroup() {
        return effectiveGroup;
    }

    @Override
    public void setNotDumpable() throws PosixException {
        Check.checkErrno(
                "PR_SET_DUMPABLE", "this process", () -> LibC.syscall(Abi.HERE.prctl, PR_SET_DUMPABLE, 0, 0, 0, 0));
    }

    @Override
    public void setIoPriority(IoPriority priority) throws PosixException {
        Check.checkErrno(
                "ioprio_set",
                "this thread",
                () -> LibC.syscall(Abi.HERE.ioprioSet, IOPRIO_WHO_PROCESS, 0, priority.bits()));
    }

    @Override
    public ThreadUsage threadUsage() throws PosixException {
        StructMemory usage = USAGE.get();
        Check.checkErrno("getrusage", "this thread", () -> LibCOnDemand.getrusage(RUSAGE_THREAD, usage.address()));
        return ThreadUsage.read(usage.bytes());
    }

    @Override
    public BytePath workingDirectory() throws PosixException {
        try (var path = new Memory(LongPath.PATH_MAX)) {
            Check.checkErrno(
                    "getcwd", "the working directory", () -> LibC.getcwd(path, LongPath.PATH_MAX) == null ? -1 : 0);
            return BytePath.of(path.getByteArray(0, (int) path.indexOf(0, (byte) 0)));
        }
    }

    @Override
    public OptionalInt userId(String name) throws PosixException {
        return AccountDatabase.USER.number(name);
    }

    @Override
    public OptionalInt groupId(String name) throws PosixException {
        return AccountDatabase.GROUP.number(name);
    }
}
