// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.ExitStatus;
import io.millrace.posix.PipeCalls.PipeFlag;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.SpawnRequest;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FaultyPosixIT {
    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private final Posix posix = faulty.posix();
    private Path file;

    @BeforeEach
    void writeFile() throws IOException {
        file = Files.write(directory.resolve("b.bin"), new byte[10_000]);
    }

    @Test
    void passesCallsThatNobodySpoilt() throws IOException {
        try (var buffer = NativeBuffer.allocate(10_000);
                var fd = open(file)) {
            assertThat(posix.io().pread(fd, buffer, new ByteRange(0, 10_000))).isEqualTo(10_000);
        }
    }

    @Test
    void failsTheThirdCallOnlyAndNamesFileAndRange() throws IOException {
        var eio = faulty.fail("pread", Errno.EIO).on("b.bin").fromCall(3).times(1);
        try (var buffer = NativeBuffer.allocate(100);
                var fd = open(file)) {
            assertThat(posix.io().pread(fd, buffer, new ByteRange(0, 100))).isEqualTo(100);
            assertThat(posix.io().pread(fd, buffer, new ByteRange(100, 100))).isEqualTo(100);
            assertThatThrownBy(() -> posix.io().pread(fd, buffer, new ByteRange(200, 100)))
                    .isInstanceOf(PosixException.class)
                    .hasMessage(file + ": pread at 200+100: Input/output error (EIO)");
            assertThat(posix.io().pread(fd, buffer, new ByteRange(200, 100))).isEqualTo(100);
        }
        assertThat(eio.injected()).isEqualTo(1);
        assertThat(eio.calls()).isEqualTo(4);
    }

    @Test
    void leavesOtherFilesAlone() throws IOException {
        var denied = faulty.fail("open", Errno.EACCES).on("other");
        open(file).close();
        assertThatThrownBy(() -> open(directory.resolve("other")))
                .hasMessage(directory + "/other: open: Permission denied (EACCES)");
        assertThat(denied.injected()).isEqualTo(1);
    }

    @Test
    void passesOnWhatTheKernelItselfRefuses() {
        assertThatThrownBy(() -> open(directory.resolve("missing")))
                .isInstanceOfSatisfying(
                        PosixException.class,
                        e -> assertThat(e.is(Errno.ENOENT)).isTrue());
    }

    @Test
    void failsMethodsWithoutArguments() {
        var limit = faulty.fail("openMaster", Errno.ENOSPC);
        assertThatThrownBy(() -> posix.terminals().openMaster()).hasMessageContaining("(ENOSPC)");
        assertThat(limit.injected()).isEqualTo(1);
    }

    @Test
    void answersCallsThatDoNotWaitAsTheKernelWould() throws IOException {
        var empty = faulty.fail("readNoWait", Errno.EAGAIN).times(1);
        var full = faulty.fail("spliceFromFileNoWait", Errno.EAGAIN).times(1);
        var broken = faulty.fail("writeNoWait", Errno.EPIPE);
        try (var fd = open(file);
                var pipe = posix.pipes().pipe(Set.of());
                var buffer = NativeBuffer.allocate(100)) {
            var range = new ByteRange(0, 100);
            assertThat(posix.pipes().spliceFromFileNoWait(fd, range, pipe.writeEnd()))
                    .isEqualTo(-1);
            assertThat(posix.pipes().spliceFromFileNoWait(fd, range, pipe.writeEnd()))
                    .isEqualTo(100);
            assertThat(posix.io().readNoWait(pipe.readEnd(), buffer)).isEqualTo(-1);
            assertThat(posix.io().readNoWait(pipe.readEnd(), buffer)).isEqualTo(100);
            assertThatThrownBy(() -> posix.io().writeNoWait(pipe.writeEnd(), buffer, 0, 1))
                    .hasMessage(pipe.writeEnd() + ": writeNoWait: Broken pipe (EPIPE)");
        }
        assertThat(empty.injected() + full.injected() + broken.injected()).isEqualTo(3);
    }

    @Test
    void failsCallsOnTheChildThatIsMeant() throws IOException {
        var refused = faulty.fail("spawn", Errno.EAGAIN).on("false");
        var unseen = faulty.fail("reap", Errno.ECHILD).on("pidfd").times(1);
        try (var nothing = posix.files().open(BytePath.of("/dev/null"), Set.of(OpenFlag.READ_WRITE))) {
            assertThatThrownBy(() -> posix.children().spawn(request("/bin/false", nothing)))
                    .hasMessage("/bin/false: spawn: Resource temporarily unavailable (EAGAIN)");
            var child = posix.children().spawn(request("/bin/true", nothing));
            try (var pidfd = child.pidfd().orElseThrow()) {
                assertThatThrownBy(() -> posix.children().reap(child))
                        .hasMessage(pidfd + ": reap: No child processes (ECHILD)");
                assertThat(posix.pipes().poll(List.of(Poll.forInput(pidfd)), 10_000))
                        .isEqualTo(1);
                assertThat(posix.children().reap(child)).contains(new ExitStatus(false, 0));
            }
        }
        assertThat(refused.injected() + unseen.injected()).isEqualTo(2);
    }

    private static SpawnRequest request(String program, OwnedFd files) {
        return new SpawnRequest(
                BytePath.of(program),
                List.of(BytePath.encode(program)),
                List.of(),
                files,
                new SpawnRequest.Files(files, files),
                Optional.empty());
    }

    @Test
    void endsAFileSooner() throws IOException {
        var cut = faulty.shorten("pread", 10);
        try (var buffer = NativeBuffer.allocate(100);
                var fd = open(file)) {
            assertThat(posix.io().pread(fd, buffer, new ByteRange(0, 100))).isEqualTo(10);
        }
        assertThat(cut.injected()).isEqualTo(1);
    }

    @Test
    void movesLessThroughPipes() throws IOException {
        var cut = faulty.shorten("spliceFromFile", 10);
        var pipeCut = faulty.shorten("splice", 4);
        try (var fd = open(file);
                var one = posix.pipes().pipe(Set.of());
                var other = posix.pipes().pipe(Set.of(PipeFlag.NONBLOCK))) {
            assertThat(posix.pipes().spliceFromFile(fd, new ByteRange(5, 100), one.writeEnd(), Set.of()))
                    .isEqualTo(10);
            assertThat(posix.pipes().splice(one.readEnd(), other.writeEnd(), 100, Set.of()))
                    .isEqualTo(4);
        }
        assertThat(cut.injected() + pipeCut.injected()).isEqualTo(2);
    }

    @Test
    void failsAsOftenAsToldWhateverTheThreads() throws Exception {
        var fault = faulty.fail("status", Errno.EIO).fromCall(101).times(50);
        var pool = Executors.newFixedThreadPool(4);
        try {
            var path = BytePath.of(file.toString());
            var failed = pool.invokeAll(IntStream.range(0, 400)
                    .<Callable<Integer>>mapToObj(i -> () -> {
                        try {
                            return posix.files().status(path).sizeBytes() == 10_000 ? 0 : -1;
                        } catch (PosixException e) {
                            return 1;
                        }
                    })
                    .toList());
            int failures = 0;
            for (Future<Integer> one : failed) {
                failures += one.get();
            }
            assertThat(failures).isEqualTo(50);
        } finally {
            pool.shutdownNow();
        }
        assertThat(fault.injected()).isEqualTo(50);
        assertThat(fault.calls()).isEqualTo(400);
    }

    @Test
    void healsOnRequest() throws IOException {
        var fault = faulty.fail("open", Errno.EMFILE);
        assertThatThrownBy(() -> open(file)).hasMessageContaining("EMFILE");
        faulty.heal();
        open(file).close();
        assertThat(fault.injected()).isEqualTo(1);
    }

    @Test
    void refusesNamesThatAreNoCall() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faulty.fail("preed", Errno.EIO))
                .withMessage("no system call is named preed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faulty.fail("isPipe", Errno.EIO))
                .withMessage("isPipe cannot fail");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> faulty.shorten("fsync", 1))
                .withMessage("fsync has no length");
    }

    private OwnedFd open(Path path) throws PosixException {
        return posix.files().open(BytePath.of(path.toString()), Set.of(OpenFlag.READ_ONLY));
    }
}
