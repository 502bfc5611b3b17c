// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Children;
import io.millrace.posix.libc.EveryCall;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Shim.Disturbance;
import io.millrace.testkit.Shim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interruptions and short transfers below Java, and errors below the C library. */
class DisturbedIT {
    private static final List<String> TRANSFERS =
            List.of("read", "write", "pread", "pwrite", "preadv2", "splice", "tee", "vmsplice");

    @TempDir
    Path directory;

    @ParameterizedTest
    @EnumSource(names = {"EINTR", "SHORT", "BOTH", "NONE"})
    void nobodyNoticesInterruptionsAndShortTransfers(Disturbance disturbance) throws Exception {
        var shim = Shim.in(directory);
        var place = Files.createDirectory(directory.resolve("place"));
        var result =
                shim.around(ChildJvm.of(EveryCall.class, place), disturbance).run();
        assertThat(result.out()).as(result.toString()).isEqualTo("all is well\n");
        assertThat(result.err()).as("no descriptor leaked").doesNotContain("leaked");
        var counts = shim.counts();
        assertThat(counts).hasSize(43).allSatisfy((call, count) -> {
            assertThat(count.calls()).as(call).isPositive();
            assertThat(count.interrupted() > 0)
                    .as(call + " was interrupted")
                    .isEqualTo(disturbance == Disturbance.EINTR || disturbance == Disturbance.BOTH);
        });
        assertThat(TRANSFERS)
                .allSatisfy(call -> assertThat(counts.get(call).cut() > 0)
                        .as(call + " was cut short")
                        .isEqualTo(disturbance == Disturbance.SHORT || disturbance == Disturbance.BOTH));
    }

    /** Writes to the file that it is given, reads from it, and says how that went. */
    static final class WriteAndRead {
        public static void main(String[] arguments) throws IOException {
            var posix = LinuxPosix.create();
            try (var fd = posix.files()
                            .create(BytePath.of(arguments[0]), Set.of(OpenFlag.CREATE, OpenFlag.READ_WRITE), 0600);
                    var buffer = NativeBuffer.allocate(4096)) {
                say(() -> {
                    posix.io().pwrite(fd, buffer, new ByteRange(8192, 4096));
                    return "wrote";
                });
                say(() -> {
                    posix.io().write(fd, buffer, 4096);
                    return "wrote";
                });
                for (int i = 0; i < 3; i++) {
                    var range = new ByteRange(4096L * i, 4096);
                    say(() -> "read " + posix.io().pread(fd, buffer, range));
                }
                say(() -> {
                    posix.files().fsync(fd);
                    return "synced";
                });
            }
        }

        private interface Attempt {
            String make() throws IOException;
        }

        private static void say(Attempt attempt) {
            try {
                System.out.println(attempt.make());
            } catch (IOException e) {
                System.out.println(e.getMessage());
            }
        }
    }

    @Test
    void takesNothingWrittenForAnErrorAndNothingReadForTheEnd() throws Exception {
        var shim = Shim.in(directory);
        var file = directory.resolve("a");
        var result = shim.around(ChildJvm.of(WriteAndRead.class, file), Disturbance.NOTHING_MOVES)
                .run();
        assertThat(result.out().lines())
                .as(result.toString())
                .containsExactly(
                        file + ": pwrite at 8192+4096: Input/output error (EIO)",
                        file + ": write: Input/output error (EIO)",
                        "read 0",
                        "read 0",
                        "read 0",
                        "synced");
        assertThat(shim.counts()).extractingByKey("pwrite").isEqualTo(new Shim.Count(1, 0, 1));
    }

    @Test
    void namesWhatTheKernelRefused() throws Exception {
        assumeTraceable();
        var file = directory.resolve("a");
        var log = directory.resolve("log");
        var result = ChildJvm.of(WriteAndRead.class, file)
                .under("strace", "-f", "-qq", "--seccomp-bpf", "-o", log.toString(), "-P", file.toString())
                .under("-e", "trace=pread64,pwrite64,fsync")
                .under("-e", "inject=pread64:error=EIO:when=2", "-e", "inject=fsync:error=EDQUOT:when=1")
                .under("-e", "inject=pwrite64:error=EINTR:when=1")
                .run();
        assertThat(result.out().lines())
                .as(result.toString())
                .containsExactly(
                        "wrote",
                        "wrote",
                        "read 4096",
                        file + ": pread at 4096+4096: Input/output error (EIO)",
                        "read 4096",
                        file + ": fsync: Disk quota exceeded (EDQUOT)");
        assertThat(Files.readAllLines(log))
                .filteredOn(line -> line.contains("(INJECTED)"))
                .hasSize(3);
    }

    /** Starts a child and says what came of it, and how many children there are then. */
    static final class SpawnOne {
        public static void main(String[] arguments) throws IOException {
            var posix = LinuxPosix.create();
            var children = new Children(posix);
            try (var output = posix.pipes().pipe(Set.of())) {
                var child = children.start(output.writeEnd(), "/bin/sleep", "1000");
                System.out.println("started " + child.pid());
            } catch (PosixException e) {
                System.out.println(e.getMessage());
            }
            System.out.println(ProcessHandle.current().children().count() + " children");
        }
    }

    @Test
    void endsAChildThatItCannotWatch() throws Exception {
        assumeTraceable();
        var result = ChildJvm.of(SpawnOne.class)
                .under("strace", "-f", "-qq", "--seccomp-bpf", "-o", "/dev/null")
                .under("-e", "trace=pidfd_open", "-e", "inject=pidfd_open:error=EMFILE")
                .run();
        assertThat(result.out())
                .as(result.toString())
                .isEqualTo("/bin/sleep: pidfd_open: Too many open files (EMFILE)\n0 children\n");
    }

    private static void assumeTraceable() throws Exception {
        try {
            assertThat(Command.run(
                            "strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync", "-o", "/dev/null", "true"))
                    .isEmpty();
        } catch (AssertionError e) {
            abort("strace may not trace here: " + e.getMessage());
        }
    }
}
