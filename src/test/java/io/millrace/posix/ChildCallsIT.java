// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Children;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What a child finds around it, told by itself, and why it may not start at all. */
class ChildCallsIT {
    private static final int F_DUPFD = 0;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final Posix posix = scratch.posix();
    private final Children children = new Children(posix);

    private SpawnRequest request(OwnedFd nothing, Pipe pipe, Optional<BytePath> directory, byte[]... words) {
        return new SpawnRequest(
                BytePath.of(words[0]),
                List.of(words),
                Children.bytes(Children.ENVIRONMENT),
                nothing,
                new SpawnRequest.Files(pipe.writeEnd(), pipe.writeEnd()),
                directory);
    }

    private Children.Ended runIn(Path directory, byte[]... words) throws IOException {
        try (var nothing = scratch.open(Path.of("/dev/null"));
                var pipe = posix.pipes().pipe(Set.of())) {
            return children.run(request(nothing, pipe, Optional.of(Scratch.path(directory)), words), pipe);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Descriptors that the child would inherit, up to number 200 and more. */
    private static List<OwnedFd> leak(OwnedFd fd) throws PosixException {
        var leaks = new ArrayList<OwnedFd>();
        for (int lowest = 0; lowest < 200; lowest += 10) {
            long from = lowest;
            int number =
                    Check.checkErrno("F_DUPFD", fd, () -> LibC.syscall(Abi.HERE.fcntl, fd.number(), F_DUPFD, from));
            leaks.add(OwnedFd.of(number, "leak " + number));
        }
        return leaks;
    }

    @Test
    void givesTheStandardStreamsAndNothingElse() throws Exception {
        try (var secret = scratch.open(scratch.write("secret", new byte[1]))) {
            var leaks = leak(secret);
            assertThat(leaks)
                    .allSatisfy(leak ->
                            assertThat(Scratch.flags(leak) & OpenFlag.O_CLOEXEC).isZero());
            var ended = children.run("/bin/ls", "-l", "/proc/self/fd");
            leaks.forEach(OwnedFd::close);
            assertThat(ended.lines().stream()
                            .filter(line -> line.contains(" -> "))
                            .map(line ->
                                    line.replaceFirst(".* (\\d+ -> )", "$1").replaceAll("\\[?\\d{2,}\\]?", "#")))
                    .as("3 is the directory that ls reads")
                    .containsExactly("0 -> /dev/null", "1 -> pipe:#", "2 -> pipe:#", "3 -> /proc/#/fd");
        }
    }

    /** Its standard error may go where its parent's standard output goes. */
    static final class SwapStreams {
        public static void main(String[] arguments) throws IOException {
            var children = new Children(LinuxPosix.create());
            var swapped = new SpawnRequest.Files(OwnedFd.standardError(), OwnedFd.standardOutput());
            var child = children.start(swapped, "/bin/sh", "-c", "echo out; echo err >&2; ls /proc/self/fd >&2");
            if (!children.end(child).isSuccess()) {
                throw new AssertionError();
            }
        }
    }

    @Test
    void mayTurnTheStandardStreamsRound() throws Exception {
        var result = ChildJvm.of(SwapStreams.class).run();
        assertThat(result.out()).as(result.toString()).isEqualTo("err\n0\n1\n2\n3\n");
        assertThat(result.err()).isEqualTo("out\n");
    }

    @Test
    void givesArgumentsAndEnvironmentByteForByte() throws IOException {
        byte[] odd = {'x', '=', (byte) 0xFF, '\n', (byte) 0xC3, ' '};
        try (var nothing = scratch.open(Path.of("/dev/null"));
                var pipe = posix.pipes().pipe(Set.of());
                var other = posix.pipes().pipe(Set.of())) {
            var printf = request(
                    nothing,
                    pipe,
                    Optional.empty(),
                    bytes("/usr/bin/printf"),
                    bytes("%s|"),
                    odd,
                    bytes(""),
                    bytes("z"));
            var said = children.run(printf, pipe);
            assertThat(said.status().isSuccess()).isTrue();
            assertThat(BytePath.decode(said.out())).isEqualTo(BytePath.decode(odd) + "||z|");
            var output = new SpawnRequest.Files(other.writeEnd(), other.writeEnd());
            var env = new SpawnRequest(
                    BytePath.of("/usr/bin/env"),
                    Children.bytes(List.of("env", "-0")),
                    List.of(odd, bytes("LAST=")),
                    nothing,
                    output,
                    Optional.empty());
            assertThat(BytePath.decode(children.run(env, other).out())).isEqualTo(BytePath.decode(odd) + "\0LAST=\0");
        }
    }

    /** Shows the signals that this thread blocks and ignores, and those of a child. */
    static final class ShowSignals {
        public static void main(String[] arguments) throws IOException {
            var own = Files.readAllLines(Path.of("/proc/thread-self/status"));
            var childs = new Children(LinuxPosix.create()).run("/bin/cat", "/proc/self/status");
            System.out.println(signals(own));
            System.out.println(signals(childs.lines()));
        }

        private static String signals(List<String> status) {
            return status.stream()
                    .filter(line -> line.matches("Sig(Blk|Ign|Cgt):.*"))
                    .map(line -> line.replaceFirst("Sig(...):\\s*0*", "$1 "))
                    .collect(Collectors.joining(", "));
        }
    }

    @Test
    void hasEverySignalAtItsDefaultWhateverTheJvmDoesWithThem() throws Exception {
        var result = ChildJvm.of(ShowSignals.class)
                .under("env", "--block-signal=USR1", "--ignore-signal=HUP", "--ignore-signal=RTMIN")
                .run();
        var lines = result.out().lines().toList();
        assertThat(lines).as(result.toString()).hasSize(2);
        assertThat(lines.get(0)).as("USR1 blocked, HUP and RTMIN ignored").matches("Blk 2\\w\\w, Ign 2\\w*1, Cgt .*");
        assertThat(lines.get(1)).isEqualTo("Blk , Ign , Cgt ");
    }

    @Test
    void leadsAProcessGroupOfItsOwnInOurSession() throws IOException {
        var own = stat(Files.readString(Path.of("/proc/self/stat")));
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var child = children.start(pipe.writeEnd(), "/bin/cat", "/proc/self/stat");
            pipe.writeEnd().close();
            var stat = stat(new String(children.readAll(pipe.readEnd()), StandardCharsets.UTF_8));
            assertThat(children.end(child).isSuccess()).isTrue();
            assertThat(stat.get(0))
                    .as("parent")
                    .isEqualTo(String.valueOf(ProcessHandle.current().pid()));
            assertThat(stat.get(1)).as("process group").isEqualTo(String.valueOf(child.pid()));
            assertThat(stat.get(2)).as("session").isEqualTo(own.get(2));
        }
    }

    /** Parent, process group, session and so on, as proc(5) has them. */
    private static List<String> stat(String line) {
        return List.of(line.replaceFirst(".*\\) \\S ", "").split(" "));
    }

    @Test
    void worksInTheDirectoryAskedForAndFindsTheProgramFromThere() throws IOException {
        var script = scratch.write("prog", bytes("#!/bin/sh\npwd; echo $0\n"));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        assertThat(runIn(scratch.directory(), bytes("./prog")).lines())
                .containsExactly(scratch.directory().toString(), "./prog");
        assertThat(children.run("/bin/pwd").lines())
                .containsExactly(Path.of("").toAbsolutePath().toRealPath().toString());
    }

    @Test
    void saysWhyAProgramCannotStartAndLeavesNoProcess() throws Exception {
        var plain = scratch.write("plain", bytes("echo no magic here\n"));
        refused("/no/such/program", "No such file or directory (ENOENT)");
        refused(plain.toString(), "Permission denied (EACCES)");
        refused(plain + "/below", "Not a directory (ENOTDIR)");
        refused(scratch.directory().toString(), "Permission denied (EACCES)");
        Files.setPosixFilePermissions(plain, PosixFilePermissions.fromString("rwxr-xr-x"));
        refused(plain.toString(), "Exec format error (ENOEXEC)");
        assertThatThrownBy(() -> children.run("/bin/true", "x".repeat(1 << 20)))
                .hasMessage("/bin/true: posix_spawn: Argument list too long (E2BIG)");
        assertThatThrownBy(() -> runIn(scratch.file("gone"), bytes("/bin/true")))
                .hasMessage("/bin/true: posix_spawn: No such file or directory (ENOENT)");
        await().untilAsserted(() -> assertThat(zombies()).isEmpty());
    }

    private void refused(String program, String why) {
        assertThatThrownBy(() -> children.run(program))
                .isInstanceOf(PosixException.class)
                .hasMessage(program + ": posix_spawn: " + why);
    }

    private static List<String> zombies() throws Exception {
        long own = ProcessHandle.current().pid();
        return Command.run("ps", "-o", "stat=,pid=,comm=", "--ppid", own)
                .lines()
                .filter(line -> line.startsWith("Z"))
                .toList();
    }

    @Test
    void leavesNothingBehindAfterTwoHundredChildren() throws Exception {
        for (int i = 0; i < 200; i++) {
            var ended = children.run("/bin/echo", String.valueOf(i));
            assertThat(ended.lines()).containsExactly(String.valueOf(i));
        }
        await() // the JDK reaps its own when it gets to it; descriptors are looked for by Scratch
                .untilAsserted(() -> assertThat(zombies()).isEmpty());
    }
}
