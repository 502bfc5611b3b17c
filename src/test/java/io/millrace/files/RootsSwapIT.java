// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileCalls;
import io.millrace.posix.FileStatus;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LongPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Something inside and a link to its like outside change places all the time, while it is opened by name. */
class RootsSwapIT {
    private static final int ROUNDS = 10_000;
    /** Rounds go on until both kinds of answers have come so often: a swap that nobody met proves nothing. */
    private static final int MIN_OF_EACH = 200;

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int RENAME_EXCHANGE = 2;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();
    private Path in;
    private FileStatus inside;
    private FileStatus outside;

    @BeforeEach
    void plant() throws IOException {
        in = Files.createDirectories(scratch.file("in/d")).getParent();
        Path out = Files.createDirectories(scratch.file("out"));
        Files.writeString(in.resolve("d/f"), "inside");
        Files.writeString(out.resolve("f"), "outside");
        Files.createSymbolicLink(in.resolve("link"), out);
        Files.createSymbolicLink(in.resolve("d/link"), out.resolve("f"));
        inside = files.status(Scratch.path(in.resolve("d/f")));
        outside = files.status(Scratch.path(out.resolve("f")));
    }

    /** Exchanges two names by renameat2(2) as fast as it can. */
    private final class Swapper implements AutoCloseable {
        private final Thread thread;
        private volatile boolean stopping;
        private volatile boolean failed;

        Swapper(Path one, Path other) {
            byte[] first = Scratch.path(one).nulTerminated();
            byte[] second = Scratch.path(other).nulTerminated();
            int here = LongPath.AT_FDCWD;
            thread = new Thread(() -> {
                while (!stopping) {
                    failed |= LibC.renameat2(here, first, here, second, RENAME_EXCHANGE) != 0;
                }
            });
            thread.start();
        }

        @Override
        public void close() throws InterruptedException {
            stopping = true;
            thread.join();
            assertThat(failed).as("an exchange failed").isFalse();
        }
    }

    private interface Opening {
        OwnedFd once() throws IOException;
    }

    /** How often it was the file inside, the one outside, or refused. */
    private record Answers(int inside, int outside, int refused) {
        boolean isMixed() {
            return inside >= MIN_OF_EACH && Math.max(refused, outside) >= MIN_OF_EACH;
        }
    }

    private Answers ask(Opening opening) throws IOException {
        var answers = new Answers(0, 0, 0);
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (int i = 0; (i < ROUNDS || !answers.isMixed()) && System.nanoTime() < deadline; i++) {
            try (var fd = opening.once()) {
                FileStatus status = files.status(fd);
                assertThat(status.isSameFileAs(inside) || status.isSameFileAs(outside))
                        .isTrue();
                answers = status.isSameFileAs(inside)
                        ? new Answers(answers.inside + 1, answers.outside, answers.refused)
                        : new Answers(answers.inside, answers.outside + 1, answers.refused);
            } catch (OutsideRootsException e) {
                assertThat(e).hasMessageEndingWith("d/f: leads through a symbolic link");
                answers = new Answers(answers.inside, answers.outside, answers.refused + 1);
            }
        }
        return answers;
    }

    @ParameterizedTest
    @CsvSource({"AT_ONCE,d,link", "AT_ONCE,d/f,d/link", "STEP_BY_STEP,d,link", "STEP_BY_STEP,d/f,d/link"})
    void isNeverLedOutside(RootsIT.Way way, String one, String other) throws Exception {
        var roots = new Roots(way.calls(), List.of(Scratch.path(in)));
        var path = Scratch.path(in.resolve("d/f"));
        try (var swapper = new Swapper(in.resolve(one), in.resolve(other))) {
            var answers = ask(() -> roots.open(path, Set.of()));
            assertThat(answers.outside()).as(answers.toString()).isZero();
            assertThat(answers.isMixed()).as(answers.toString()).isTrue();
            assertThat(answers.inside() + answers.refused()).isGreaterThanOrEqualTo(ROUNDS);
            assertThat(swapper.thread.isAlive()).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isNeverLedIntoADirectoryOutside(RootsIT.Way way) throws Exception {
        var roots = new Roots(way.calls(), List.of(Scratch.path(in)));
        var path = Scratch.path(in.resolve("d/f"));
        inside = files.status(Scratch.path(in.resolve("d")));
        outside = files.status(Scratch.path(scratch.file("out")));
        try (var swapper = new Swapper(in.resolve("d"), in.resolve("link"))) {
            var answers = ask(() -> roots.openParent(path));
            assertThat(answers.outside()).as(answers.toString()).isZero();
            assertThat(answers.isMixed()).as(answers.toString()).isTrue();
            assertThat(swapper.thread.isAlive()).isTrue();
        }
    }

    @Test
    void wouldBeLedOutsideByAPlainOpen() throws Exception {
        var path = Scratch.path(in.resolve("d/f"));
        try (var swapper = new Swapper(in.resolve("d"), in.resolve("link"))) {
            var answers = ask(() -> files.open(path, Set.of()));
            assertThat(answers.isMixed()).as(answers.toString()).isTrue();
            assertThat(swapper.thread.isAlive()).isTrue();
        }
    }
}
