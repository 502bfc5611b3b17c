// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileType;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class OwnedFdIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    /** Forgets one descriptor and closes another, then waits for the collector to find out. */
    static final class Forgetful {
        public static void main(String[] arguments) throws Exception {
            var files = LinuxPosix.create().files();
            files.open(BytePath.of("/dev/zero"), Set.of()).close();
            System.out.println(files.open(BytePath.of("/dev/null"), Set.of()));
            var err = System.err;
            var heard = new ByteArrayOutputStream();
            System.setErr(new PrintStream(heard, true));
            int roundsAfter = 0;
            for (int i = 0; i < 3_000 && roundsAfter < 10; i++) {
                System.gc();
                Thread.sleep(20); // the collector's thread is about to say it, or to say more than that
                roundsAfter += heard.size() > 0 ? 1 : 0;
            }
            err.print(heard);
        }
    }

    @Test
    void isReportedWhenItWasForgotten() throws Exception {
        var result = ChildJvm.of(Forgetful.class).run();
        assertThat(result.err()).as(result.toString()).matches("leaked: descriptor \\d+, /dev/null\n");
    }

    @Test
    void isClosedOnceHoweverManyClose() throws Exception {
        var pool = Executors.newFixedThreadPool(4);
        try {
            for (int round = 0; round < 200; round++) {
                var fd = scratch.posix().files().open(BytePath.of("/dev/null"), Set.of());
                var start = new CountDownLatch(1);
                var closers = IntStream.range(0, 4)
                        .<Future<OwnedFd>>mapToObj(i -> pool.submit(() -> {
                            start.await();
                            fd.close();
                            // Had a number been closed twice, the second close would have taken one of these.
                            return scratch.posix().files().open(Scratch.path(scratch.directory()), Set.of());
                        }))
                        .toList();
                start.countDown();
                for (var closer : closers) {
                    try (var other = closer.get()) {
                        assertThat(scratch.posix().files().status(other).type()).isEqualTo(FileType.DIRECTORY);
                    }
                }
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void isReachedThroughProc() throws IOException {
        var file = scratch.write("a", new byte[9]);
        try (var fd = scratch.open(file)) {
            assertThat(scratch.posix().files().status(fd.procPath()).sizeBytes())
                    .isEqualTo(9);
        }
    }
}
