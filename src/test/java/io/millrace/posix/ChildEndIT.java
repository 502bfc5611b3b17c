// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.libc.Children;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Watching, hastening and reaping children. */
class ChildEndIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final Posix posix = scratch.posix();
    private final ChildCalls calls = posix.children();
    private final Children children = new Children(posix);

    @Test
    void tellsExitCodesFromSignals() throws IOException {
        assertThat(children.sh("exit 0").status()).isEqualTo(new ExitStatus(false, 0));
        assertThat(children.sh("exit 3").status()).isEqualTo(new ExitStatus(false, 3));
        assertThat(children.sh("exit 255").status()).isEqualTo(new ExitStatus(false, 255));
        assertThat(children.sh("kill -KILL $$").status()).isEqualTo(new ExitStatus(true, 9));
        assertThat(children.sh("ulimit -c 0; kill -SEGV $$").status()).isEqualTo(new ExitStatus(true, 11));
        assertThat(children.sh("kill -PIPE $$").status().message()).isEqualTo("killed by signal 13");
        assertThat(children.sh("exit 137").status().message()).isEqualTo("exit code 137");
    }

    @Test
    void isReapedOnceAndOnlyWhenItHasEnded() throws IOException {
        try (var input = posix.pipes().pipe(Set.of());
                var output = posix.pipes().pipe(Set.of())) {
            var files = new SpawnRequest.Files(output.writeEnd(), output.writeEnd());
            var child = calls.spawn(Children.request(input.readEnd(), files, "/bin/cat"));
            try (var pidfd = child.pidfd().orElseThrow()) {
                assertThat(Scratch.flags(pidfd) & OpenFlag.O_CLOEXEC).isNotZero();
                var end = List.of(Poll.forInput(pidfd));
                assertThat(calls.reap(child)).isEmpty();
                assertThat(posix.pipes().poll(end, 0)).isZero();
                input.writeEnd().close();
                assertThat(posix.pipes().poll(end, 60_000)).isEqualTo(1);
                var process = Path.of("/proc", String.valueOf(child.pid()));
                assertThat(process).as("a zombie").exists();
                assertThat(calls.reap(child)).contains(new ExitStatus(false, 0));
                assertThat(process).doesNotExist();
                assertThatThrownBy(() -> calls.reap(child))
                        .hasMessage("process " + child.pid() + ": waitid: No child processes (ECHILD)");
                assertThat(pidfd).hasToString("pidfd of process " + child.pid());
            }
        }
    }

    @Test
    void takesItsChildrenWithIt() throws IOException {
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var child = children.start(
                    pipe.writeEnd(), "/bin/sh", "-c", "(sleep 1000 & sleep 1000) & echo ready; exec sleep 1000");
            pipe.writeEnd().close();
            awaitReady(pipe.readEnd());
            calls.signalGroup(child, ProcessSignal.KILL);
            assertThat(children.end(child)).isEqualTo(new ExitStatus(true, 9));
            assertThat(children.readAll(pipe.readEnd()))
                    .as("the end of output: nobody is left who could write")
                    .isEmpty();
        }
    }

    private void awaitReady(OwnedFd output) throws IOException {
        try (var buffer = NativeBuffer.allocate(100)) {
            int count = posix.io().read(output, buffer);
            assertThat(StandardCharsets.UTF_8.decode(buffer.first(count)).toString())
                    .isEqualTo("ready\n");
        }
    }

    @Test
    void mayBeAskedToEndAndRefuse() throws IOException {
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var child = children.start(
                    pipe.writeEnd(), "/bin/sh", "-c", "trap 'exit 7' TERM; echo ready; while :; do sleep 0.02; done");
            awaitReady(pipe.readEnd());
            calls.signalGroup(child, ProcessSignal.TERMINATE);
            assertThat(children.end(child)).isEqualTo(new ExitStatus(false, 7));
        }
    }

    @Test
    void hearsOfItsEndOnlyOnceItGoesOn() throws IOException {
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var child = children.start(pipe.writeEnd(), "/bin/sh", "-c", "kill -STOP $$; exec sleep 1000");
            var status = Path.of("/proc", String.valueOf(child.pid()), "status");
            await().untilAsserted(() -> assertThat(Files.readString(status)).contains("State:\tT"));
            calls.signalGroup(child, ProcessSignal.TERMINATE);
            assertThat(posix.pipes().poll(List.of(Poll.forInput(child.pidfd().orElseThrow())), 50))
                    .isZero();
            assertThat(calls.reap(child)).as("stopping is no end").isEmpty();
            calls.signalGroup(child, ProcessSignal.CONTINUE);
            assertThat(children.end(child)).isEqualTo(new ExitStatus(true, 15));
        }
    }

    @Test
    void setsPrioritiesOfTheWholeGroup() throws Exception {
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var child = children.start(pipe.writeEnd(), "/bin/sh", "-c", "sleep 1000 & echo ready; wait");
            awaitReady(pipe.readEnd());
            calls.setNiceness(child, 7);
            calls.setIoPriority(child, new IoPriority(IoClass.BEST_EFFORT, 6));
            var group = Command.run("ps", "-e", "-o", "pgid=,pid=,ni=")
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> words[0].equals(String.valueOf(child.pid())))
                    .toList();
            assertThat(group).hasSize(2).allSatisfy(words -> {
                assertThat(words[2]).isEqualTo("7");
                assertThat(Command.run("ionice", "-p", words[1]).strip()).isEqualTo("best-effort: prio 6");
            });
            calls.setIoPriority(child, new IoPriority(IoClass.IDLE, 0));
            assertThat(Command.run("ionice", "-p", child.pid()).strip()).isEqualTo("idle");
            calls.signalGroup(child, ProcessSignal.KILL);
            assertThat(children.end(child).signalled()).isTrue();
        }
    }

    @Test
    void isNotToBeNamedAfterItWasReaped() throws IOException {
        try (var pipe = posix.pipes().pipe(Set.of())) {
            var reaped = children.start(pipe.writeEnd(), "/bin/true");
            assertThat(children.end(reaped).isSuccess()).isTrue();
            String group = "process group " + reaped.pid();
            assertThatThrownBy(() -> calls.signalGroup(reaped, ProcessSignal.CONTINUE))
                    .hasMessage(group + ": kill: No such process (ESRCH)");
            assertThatThrownBy(() -> calls.setNiceness(reaped, 0))
                    .hasMessage(group + ": setpriority: No such process (ESRCH)");
            assertThatThrownBy(() -> calls.setIoPriority(reaped, new IoPriority(IoClass.IDLE, 0)))
                    .hasMessage(group + ": ioprio_set: No such process (ESRCH)");
        }
    }
}
