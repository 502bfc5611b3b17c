// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;
import static io.millrace.posix.libc.Check.checkReturned;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.ChildCalls;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.IoPriority;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.SpawnRequest;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

public final class LinuxChildCalls implements ChildCalls {
    static final int POSIX_SPAWN_SETPGROUP = 0x02;
    static final int POSIX_SPAWN_SETSIGDEF = 0x04;
    static final int POSIX_SPAWN_SETSIGMASK = 0x08;
    static final int POSIX_SPAWN_SETSID = 0x80;
    // Sizes for posix_spawn_file_actions_t, posix_spawnattr_t and sigset_t (spawn.h), at least as large as in C.
    static final int FILE_ACTIONS_BYTES = 80;
    static final int ATTRIBUTES_BYTES = 336;
    static final int SIGSET_BYTES = 128;
    static final int P_ALL = 0;
    static final int P_PID = 1;
    static final int WEXITED = 4;
    static final int WNOHANG = 1;
    static final int WNOWAIT = 0x100_0000;
    static final int PRIO_PGRP = 1;
    static final long IOPRIO_WHO_PGRP = 2;
    static final int PR_GET_CHILD_SUBREAPER = 37;
    static final int PR_CAP_AMBIENT = 47;
    static final int PR_CAP_AMBIENT_CLEAR_ALL = 4;
    private static final int FIRST_OTHER_DESCRIPTOR = 3;

    private static final ThreadLocal<StructMemory> SIGINFO = StructMemory.ofBytes(ExitStatus.SIGINFO_BYTES);

    @Override
    public ChildProcess spawn(SpawnRequest request) throws PosixException {
        int pid;
        withholdCapabilities();
        try (var strings = new Strings();
                var actions = new FileActions(request);
                var attributes = new Attributes(request.output() instanceof SpawnRequest.Terminal);
                var number = new Memory(Integer.BYTES)) {
            byte[] program = request.program().nulTerminated();
            Pointer argv = strings.vector(request.arguments());
            Pointer envp = strings.vector(request.environment());
            checkReturned(
                    "posix_spawn",
                    request.program(),
                    null,
                    () -> LibC.posix_spawn(number, program, actions.memory, attributes.memory, argv, envp));
            pid = number.getInt(0);
        }
        try {
            return new ChildProcess(pid, pidfd(pid, request.program()));
        } catch (PosixException | RuntimeException | Error e) { // kill a child that cannot be watched
            int ignored = LibC.kill(-pid, ProcessSignal.KILL.number);
            checkErrno("waitpid", request.program(), () -> LibC.waitpid(pid, Pointer.NULL, 0));
            throw e;
        }
    }

    private static Optional<OwnedFd> pidfd(int pid, BytePath program) throws PosixException {
        try {
            int fd = checkErrno("pidfd_open", program, () -> LibC.syscall(Abi.HERE.pidfdOpen, pid, 0L, 0L));
            return Optional.of(OwnedFd.of(fd, "pidfd of process " + pid));
        } catch (PosixException e) {
            if (!Fallbacks.isRefused(e)) {
                throw e;
            }
            Fallbacks.use(e, "the exit of a worker is looked for many times a second");
            return Optional.empty();
        }
    }

    /**
     * systemd gives a service's capabilities as ambient ones, which exec(2) would pass on to any program. The set
     * belongs to the thread, and matters only at exec(2).
     */
    private static void withholdCapabilities() throws PosixException {
        try {
            checkErrno(
                    "PR_CAP_AMBIENT",
                    "this thread",
                    () -> LibC.syscall(Abi.HERE.prctl, PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0));
        } catch (PosixException e) {
            boolean refused = Fallbacks.isRefused(e) && !AmbientCapabilities.MAY_EXIST;
            if (!refused && !e.is(Errno.EINVAL)) { // EINVAL: the kernel has no ambient capabilities
                throw e;
            }
        }
    }

    @Override
    public Optional<ExitStatus> reap(ChildProcess child) throws PosixException {
        StructMemory info = SIGINFO.get();
        if (exited("process " + child.pid(), P_PID, child.pid(), 0) == 0) {
            return Optional.empty();
        }
        boolean signalled = info.bytes().getInt(ExitStatus.SIGINFO_CODE) != ExitStatus.CLD_EXITED;
        return Optional.of(new ExitStatus(signalled, info.bytes().getInt(ExitStatus.SIGINFO_STATUS)));
    }

    @Override
    public boolean hasExited(ChildProcess child) throws PosixException {
        return exited("process " + child.pid(), P_PID, child.pid(), WNOWAIT) != 0;
    }

    @Override
    public OptionalInt anyExited() throws PosixException {
        try {
            int pid = exited("any child", P_ALL, 0, WNOWAIT);
            return pid == 0 ? OptionalInt.empty() : OptionalInt.of(pid);
        } catch (PosixException e) {
            if (e.is(Errno.ECHILD)) {
                return OptionalInt.empty();
            }
            throw e;
        }
    }

    @Override
    public boolean reapOrphan(int pid) throws PosixException {
        try {
            return exited("process " + pid, P_PID, pid, 0) != 0;
        } catch (PosixException e) {
            if (e.is(Errno.ECHILD)) {
                return false;
            }
            throw e;
        }
    }

    /** Returns the process id of a child that has exited, with its details in {@link #SIGINFO}; 0 if there is none. */
    private static int exited(String subject, int kind, int id, int moreOptions) throws PosixException {
        StructMemory info = SIGINFO.get();
        info.bytes().putInt(ExitStatus.SIGINFO_PID, 0);
        checkErrno("waitid", subject, () -> LibC.waitid(kind, id, info.memory(), WEXITED | WNOHANG | moreOptions));
        return info.bytes().getInt(ExitStatus.SIGINFO_PID);
    }

    @Override
    public boolean adoptsOrphans() {
        if (ProcessHandle.current().pid() == 1) {
            return true;
        }
        try (var answer = new Memory(Integer.BYTES)) {
            answer.clear();
            long address = Pointer.nativeValue(answer);
            boolean known =
                    Check.succeeds(() -> LibC.syscall(Abi.HERE.prctl, PR_GET_CHILD_SUBREAPER, address, 0L, 0L, 0L));
            return known && answer.getInt(0) != 0;
        }
    }

    @Override
    public void signalGroup(ChildProcess child, ProcessSignal signal) throws PosixException {
        String named = "process group " + child.pid();
        boolean isGroupEmpty = false;
        try {
            checkErrno("kill", named, () -> LibC.kill(-child.pid(), signal.number));
        } catch (PosixException e) {
            if (!e.is(Errno.ESRCH)) {
                throw e;
            }
            isGroupEmpty = true; // the child moved to another group: setpgid(2)
        }
        if (isGroupEmpty || signal == ProcessSignal.KILL) {
            checkErrno("kill", named, () -> LibC.kill(child.pid(), signal.number));
        }
    }

    @Override
    public void setNiceness(ChildProcess child, int niceness) throws PosixException {
        checkErrno(
                "setpriority",
                "process group " + child.pid(),
                () -> LibC.setpriority(PRIO_PGRP, child.pid(), niceness));
    }

    @Override
    public void setIoPriority(ChildProcess child, IoPriority priority) throws PosixException {
        checkErrno(
                "ioprio_set",
                "process group " + child.pid(),
                () -> LibC.syscall(Abi.HERE.ioprioSet, IOPRIO_WHO_PGRP, child.pid(), priority.bits()));
    }

    /** The ambient capabilities at the start of this process, which never gets more. Read at first use. */
    private static final class AmbientCapabilities {
        static final boolean MAY_EXIST = mayExist();

        private static boolean mayExist() {
            try (var status = new FileInputStream("/proc/self/status")) {
                return new String(status.readAllBytes(), StandardCharsets.ISO_8859_1)
                        .lines()
                        .filter(line -> line.startsWith("CapAmb:"))
                        .noneMatch(line ->
                                line.substring("CapAmb:".length()).strip().matches("0+"));
            } catch (IOException e) {
                return true; // unknown
            }
        }
    }

    /** NUL-terminated byte strings and the vectors of their addresses, freed together. */
    private static final class Strings implements AutoCloseable {
        private final List<Memory> blocks = new ArrayList<>();

        Pointer vector(List<byte[]> strings) {
            Memory vector = block((long) (strings.size() + 1) * Long.BYTES);
            for (int i = 0; i < strings.size(); i++) {
                byte[] bytes = strings.get(i);
                Memory string = block(bytes.length + 1L);
                string.write(0, bytes, 0, bytes.length);
                string.setByte(bytes.length, (byte) 0);
                vector.setPointer((long) i * Long.BYTES, string);
            }
            vector.setPointer((long) strings.size() * Long.BYTES, null);
            return vector;
        }

        private Memory block(long sizeBytes) {
            var block = new Memory(sizeBytes);
            blocks.add(block);
            return block;
        }

        @Override
        public void close() {
            blocks.forEach(Memory::close);
        }
    }

    /** What the child does with its descriptors and its directory before exec(2). */
    private static final class FileActions implements AutoCloseable {
        final Memory memory = new Memory(FILE_ACTIONS_BYTES);

        FileActions(SpawnRequest request) throws PosixException {
            check("posix_spawn_file_actions_init", () -> LibC.posix_spawn_file_actions_init(memory));
            int input = request.standardInput().number();
            if (request.output() instanceof SpawnRequest.Files files) {
                standardStreams(
                        input,
                        files.standardOutput().number(),
                        files.standardError().number());
            } else if (request.output() instanceof SpawnRequest.Terminal terminal) {
                standardStreams(input);
                byte[] slave = terminal.slave().nulTerminated();
                check(
                        "posix_spawn_file_actions_addopen",
                        () -> LibC.posix_spawn_file_actions_addopen(
                                memory, 1, slave, OpenFlag.READ_WRITE.bits, 0)); // posix_spawn copies the name
                duplicate(1, 2);
            }
            if (request.directory().isPresent()) {
                byte[] directory = request.directory().get().nulTerminated();
                check(
                        "posix_spawn_file_actions_addchdir_np",
                        () -> LibC.posix_spawn_file_actions_addchdir_np(memory, directory));
            }
            check(
                    "posix_spawn_file_actions_addclosefrom_np",
                    () -> LibC.posix_spawn_file_actions_addclosefrom_np(memory, FIRST_OTHER_DESCRIPTOR));
        }

        /** Sets descriptors 0 and up. A source that a lower one would overwrite before its turn is duplicated first. */
        private void standardStreams(int... from) throws PosixException {
            int aside = Math.max(Arrays.stream(from).max().getAsInt() + 1, FIRST_OTHER_DESCRIPTOR);
            for (int to = 0; to < from.length; to++) {
                if (from[to] < to) {
                    duplicate(from[to], aside);
                    from[to] = aside++;
                }
            }
            for (int to = 0; to < from.length; to++) {
                duplicate(from[to], to);
            }
        }

        private void duplicate(int from, int to) throws PosixException {
            check("posix_spawn_file_actions_adddup2", () -> LibC.posix_spawn_file_actions_adddup2(memory, from, to));
        }

        private static void check(String call, Check.Call once) throws PosixException {
            checkReturned(call, "a new process", null, once);
        }

        @Override
        public void close() {
            int unused = LibC.posix_spawn_file_actions_destroy(memory);
            memory.close();
        }
    }

    /** Signals and process group of the child: it inherits none of the JVM's signal settings. */
    private static final class Attributes implements AutoCloseable {
        final Memory memory = new Memory(ATTRIBUTES_BYTES);

        Attributes(boolean newSession) throws PosixException {
            check("posix_spawnattr_init", () -> LibC.posix_spawnattr_init(memory));
            int flags = POSIX_SPAWN_SETSIGMASK
                    | POSIX_SPAWN_SETSIGDEF
                    | (newSession ? POSIX_SPAWN_SETSID : POSIX_SPAWN_SETPGROUP);
            check("posix_spawnattr_setflags", () -> LibC.posix_spawnattr_setflags(memory, (short) flags));
            check("posix_spawnattr_setpgroup", () -> LibC.posix_spawnattr_setpgroup(memory, 0));
            try (var signals = new Memory(SIGSET_BYTES)) {
                signals.clear();
                check("posix_spawnattr_setsigmask", () -> LibC.posix_spawnattr_setsigmask(memory, signals));
                // Not sigfillset(3): it omits 32 and 33, glibc's own, and posix_spawn has the child ignore those.
                signals.setMemory(0, SIGSET_BYTES, (byte) 0xFF);
                check("posix_spawnattr_setsigdefault", () -> LibC.posix_spawnattr_setsigdefault(memory, signals));
            }
        }

        private static void check(String call, Check.Call once) throws PosixException {
            checkReturned(call, "a new process", null, once);
        }

        @Override
        public void close() {
            int unused = LibC.posix_spawnattr_destroy(memory);
            memory.close();
        }
    }
}
