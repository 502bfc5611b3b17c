// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;

final class LinuxProcessCalls implements ProcessCalls {
    static final long IOPRIO_WHO_PROCESS = 1;

    private final int effectiveUser = LibC.geteuid(); // nothing in a JVM changes it

    @Override
    public int effectiveUser() {
        return effectiveUser;
    }

    @Override
    public void setIoPriority(IoPriority priority) throws PosixException {
        Check.checkErrno(
                "ioprio_set",
                "this thread",
                () -> LibC.syscall(Abi.HERE.ioprioSet, IOPRIO_WHO_PROCESS, 0, priority.bits()));
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
        return id(Path.of("/etc/passwd"), name);
    }

    @Override
    public OptionalInt groupId(String name) throws PosixException {
        return id(Path.of("/etc/group"), name);
    }

    private static OptionalInt id(Path accounts, String name) throws PosixException {
        try (var lines = Files.lines(accounts, StandardCharsets.ISO_8859_1)) {
            return lines.map(line -> line.split(":", -1))
                    .filter(fields -> fields.length > 2 && fields[0].equals(name) && fields[2].matches("[0-9]{1,10}"))
                    .mapToInt(fields -> (int) Long.parseLong(fields[2]))
                    .findFirst();
        } catch (IOException e) {
            throw new PosixException("read", Errno.EIO, accounts);
        }
    }
}
