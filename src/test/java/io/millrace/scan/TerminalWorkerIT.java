// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.Amount;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Workers whose standard output and error are a terminal. */
class TerminalWorkerIT {
    private static final int MEBIBYTE = 1 << 20;
    private static final int TIMES = Amount.of("millrace.times", 20, 100, 2_000);

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    /** Each step waits until the one before it was heard, so that all of them are heard only if each is at once. */
    @Test
    void progressThatIsShownOnTerminalsOnlyIsSeenLive() throws Exception {
        Path heard = directory.resolve("heard");
        Path script = Files.writeString(directory.resolve("progress.py"), """
                import os, sys, time
                count = len(sys.stdin.buffer.read())
                for step in range(5):
                    if sys.stdout.isatty() and not sys.stdin.isatty():
                        sys.stdout.write("%d %%\\r" % (20 * step))
                        sys.stdout.flush()
                    while not os.path.exists("%s.%d" % (sys.argv[1], 20 * step)):
                        time.sleep(0.01)
                sys.stderr.write("%d bytes\\n" % count)
                """);
        var lines = new CopyOnWriteArrayList<String>();
        var listener = new WorkerListener() {
            @Override
            public void line(String worker, int pid, String line) {
                lines.add(line);
                try {
                    if (line.endsWith("%")) {
                        var unused = Files.createFile(Path.of(heard + "." + line.replaceAll("\\D", "")));
                    }
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
        var file = CachedFile.random(directory.resolve("file"), 3 * MEBIBYTE, 1).path();
        try (var pool = TestWorker.perFile(TestWorker.python(), script.toString(), heard.toString())
                .onTerminal()
                .stall(20_000)
                .pool(listener)) {
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(pool);
            assertThat(run.of(file).isGood()).as(run.results().toString()).isTrue();
            assertThat(run.result().workers().get(0).output())
                    .isEqualTo("0 %\r20 %\r40 %\r60 %\r80 %\r" + 3 * MEBIBYTE + " bytes\n");
        }
        assertThat(lines).containsExactly("0 %", "20 %", "40 %", "60 %", "80 %", 3 * MEBIBYTE + " bytes");
    }

    @Test
    void whatIsWrittenJustBeforeTheExitArrivesWhole() throws Exception {
        var text = new StringBuilder(MEBIBYTE);
        for (int i = 0; text.length() < MEBIBYTE; i++) {
            text.append("%07d\n".formatted(i));
        }
        Path last = Files.write(directory.resolve("last"), text.toString().getBytes(StandardCharsets.UTF_8));
        Path files = Files.createDirectory(directory.resolve("files"));
        for (int i = 0; i < TIMES; i++) {
            var unused = Files.createFile(files.resolve("f" + i));
        }
        try (var pool = TestWorker.perFile("cat", last.toString())
                .onTerminal()
                .output(MEBIBYTE)
                .pool()) {
            var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(pool);
            var summary = run.of(files);
            for (FileResult result : run.results()) {
                WorkerOutcome outcome = result.workers().get(0);
                assertThat(outcome.complaint()).isEmpty();
                assertThat(outcome.output().contentEquals(text))
                        .as(outcome.output().length() + " bytes")
                        .isTrue();
            }
            assertThat(summary.files()).isEqualTo(TIMES);
        }
    }

    @Test
    void theEndOfATerminalIsNoErrorHoweverTheProcessEnds() throws Exception {
        var file = CachedFile.random(directory.resolve("file"), 100_000, 1).path();
        for (String end : List.of("exec >/dev/null 2>&1; wc -c", "wc -c", "wc -c; sh -c 'sleep 0.1; echo late' &")) {
            try (var pool = TestWorker.sh(end).onTerminal().pool()) {
                var run = ScanRun.with(DigestAlgorithm.CRC32C).feeding(pool);
                assertThat(run.of(file).isGood()).as(end + run.results()).isTrue();
            }
        }
    }
}
