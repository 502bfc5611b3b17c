// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Children;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a user who owns nothing is told, and what it is told wrongly. */
class UnprivilegedIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private Map<String, String> said = Map.of();

    /** Everything at once, for a JVM is dear: one line per question, on the file named by the argument. */
    static final class Nobody {
        private static final Posix POSIX = LinuxPosix.create();

        /** A question to the kernel. */
        private interface Question {
            Object ask() throws IOException;
        }

        public static void main(String[] arguments) throws IOException {
            var path = BytePath.of(arguments[0]);
            say("user", POSIX.process()::effectiveUser);
            say("writable", () -> POSIX.files().isWritable(path));
            say("noatime", () -> POSIX.files().open(path, Set.of(OpenFlag.NO_ATIME)));
            say("secret", () -> POSIX.files().open(BytePath.of(arguments[1]), Set.of()));
            say("create", () -> POSIX.files().create(path.resolve(new byte[] {'x'}), Set.of(OpenFlag.CREATE), 0600));
            say("realtime", () -> {
                POSIX.process().setIoPriority(new IoPriority(IoClass.REALTIME, 0));
                return "set";
            });
            try (var pipe = POSIX.pipes().pipe(Set.of())) {
                say("capacity", () -> POSIX.pipes().setCapacityBytes(pipe.readEnd(), Integer.parseInt(arguments[2])));
            }
            try (var fd = POSIX.files().open(path, Set.of())) {
                say("chmod", () -> {
                    POSIX.files().chmod(fd, 0777);
                    return "done";
                });
                say("cachestat", () -> POSIX.pages().cachestat(fd, new ByteRange(0, 0)));
                say("mincore", () -> resident(fd));
            }
            say("executable", () -> POSIX.files().isExecutable(path));
            children();
        }

        private static void children() throws IOException {
            var children = new Children(POSIX);
            try (var output = POSIX.pipes().pipe(Set.of())) {
                var child = children.start(output.writeEnd(), "/bin/sleep", "1000");
                say("first", () -> {
                    POSIX.children().setNiceness(child, -1);
                    return "set";
                });
                POSIX.children().signalGroup(child, ProcessSignal.KILL);
                say("end", () -> children.end(child).message());
            }
        }

        private static long resident(OwnedFd fd) throws IOException {
            var range = new ByteRange(0, POSIX.files().status(fd).sizeBytes());
            int pages = (int) (range.lengthBytes() / POSIX.pages().pageBytes());
            try (var map = POSIX.pages().mmap(fd, range);
                    var vector = NativeBuffer.allocate(pages)) {
                POSIX.pages().mincore(map, vector);
                var seen = vector.first(pages);
                long resident = 0;
                while (seen.hasRemaining()) {
                    resident += seen.get() & 1;
                }
                return resident;
            }
        }

        private static void say(String what, Question question) {
            try {
                System.out.println(what + "=" + question.ask());
            } catch (IOException e) {
                System.out.println(what + "=" + e.getMessage());
            }
        }
    }

    @BeforeEach
    void askAsNobody() throws Exception {
        assumeTrue(scratch.posix().process().effectiveUser() == 0, "only root can become nobody");
        scratch.assumeNot(0x01021994, "tmpfs keeps its pages");
        Files.setPosixFilePermissions(scratch.directory(), PosixFilePermissions.fromString("rwxr-xr-x"));
        var file = scratch.write("cold", new byte[8 << 20]);
        var secret = scratch.write("secret", new byte[1]);
        try (var fd = scratch.open(file, OpenFlag.READ_WRITE);
                var hidden = scratch.open(secret)) {
            scratch.posix().files().chmod(fd, 0644);
            scratch.posix().files().chmod(hidden, 0600);
            scratch.posix().files().fsync(fd);
            scratch.posix().pages().fadvise(fd, new ByteRange(0, 0), Advice.DONTNEED);
        }
        var limit = Files.readAllLines(Path.of("/proc/sys/fs/pipe-max-size"));
        var result = ChildJvm.of(Nobody.class, file, secret, 2 * Integer.parseInt(limit.get(0)))
                .asNobody()
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        said = new LinkedHashMap<>();
        result.out().lines().forEach(line -> said.put(line.split("=", 2)[0], line.split("=", 2)[1]));
    }

    @Test
    void isToldWhatItMayNotDoAndThatEverythingIsResident() {
        String file = scratch.file("cold").toString();
        String refused = ": Operation not permitted (EPERM)";
        assertThat(said)
                .containsEntry("user", "65534")
                .containsEntry("writable", "false")
                .containsEntry("noatime", file + ": open" + refused)
                .containsEntry("secret", scratch.file("secret") + ": open: Permission denied (EACCES)")
                .containsEntry("create", file + "/x: open: Not a directory (ENOTDIR)")
                .containsEntry("realtime", "this thread: ioprio_set" + refused)
                .containsEntry("chmod", file + ": fchmod" + refused)
                .containsEntry("executable", "false")
                .containsEntry("end", "killed by signal 9")
                .containsEntry(
                        "mincore",
                        String.valueOf((8 << 20) / scratch.posix().pages().pageBytes()));
        assertThat(said.get("capacity")).matches("pipe \\d+ \\(reading\\): F_SETPIPE_SZ: Operation not .*EPERM\\)");
        assertThat(said.get("first")).matches("process group \\d+: setpriority: Permission denied \\(EACCES\\)");
        assertThat(said.get("cachestat"))
                .isIn(
                        file + ": cachestat at 0+0" + refused,
                        file + ": cachestat at 0+0: Function not implemented (ENOSYS)");
    }

    @Test
    void bringsNothingIntoTheCacheByAsking() throws IOException {
        try (var fd = scratch.open(scratch.file("cold"))) {
            assertThat(Nobody.resident(fd)).as("as root sees it").isZero();
        }
    }
}
