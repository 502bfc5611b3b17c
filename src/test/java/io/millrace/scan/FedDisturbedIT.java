// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.CachedFile;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.Shim.Disturbance;
import io.millrace.testkit.Shim;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Interruptions and short transfers below Java, and errors below the C library, while workers are fed. */
class FedDisturbedIT {
    private static final List<String> TRANSFERS = List.of("read", "write", "pread", "splice", "vmsplice");
    private static final List<String> OTHERS = List.of("poll", "pipe2", "waitid", "syscall");

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private Path files(int small) throws Exception {
        Path files = Files.createDirectory(directory.resolve("files"));
        var unused = CachedFile.random(files.resolve("dense"), (5 << 20) + 1, 1);
        unused = CachedFile.sparse(files.resolve("sparse"), 4 << 20, 3, 1 << 20);
        for (int i = 0; i < small; i++) {
            unused = CachedFile.random(files.resolve("small" + i), 1000 + i, i);
        }
        return files;
    }

    @ParameterizedTest
    @EnumSource(names = {"EINTR", "SHORT", "BOTH"})
    void noWorkerNoticesInterruptionsAndShortTransfers(Disturbance disturbance) throws Exception {
        var shim = Shim.in(directory);
        var result =
                shim.around(ChildJvm.of(FeedAll.class, files(2)), disturbance).run();
        assertThat(result.out()).as(result.toString()).endsWith("0 children\nall is well\n");
        assertThat(result.out()).as("nobody was served twice").doesNotContain("in 2");
        assertThat(result.err()).as("no descriptor leaked").doesNotContain("leaked");
        var counts = shim.counts();
        if (disturbance != Disturbance.SHORT) {
            assertThat(TRANSFERS)
                    .allSatisfy(call ->
                            assertThat(counts.get(call).interrupted()).as(call).isPositive());
            assertThat(OTHERS)
                    .allSatisfy(call ->
                            assertThat(counts.get(call).interrupted()).as(call).isPositive());
        }
        if (disturbance != Disturbance.EINTR) {
            assertThat(TRANSFERS)
                    .allSatisfy(
                            call -> assertThat(counts.get(call).cut()).as(call).isPositive());
        }
    }

    /** Runs it with an error injected; how often that happened. */
    private ChildJvm.Result traced(int small, String calls, String injection) throws Exception {
        assumeTraceable();
        Path log = directory.resolve("log");
        var result = ChildJvm.of(FeedAll.class, files(small))
                .option("-XX:+UseSerialGC")
                .under("strace", "-f", "-qq", "--seccomp-bpf", "-o", log.toString())
                .under("-e", "trace=" + calls, "-e", "inject=" + injection)
                .run();
        assertThat(Files.readAllLines(log)).as(result.toString()).anyMatch(line -> line.contains("(INJECTED)"));
        return result;
    }

    @Test
    void copiesWhereTheKernelCannotSplice() throws Exception {
        var result = traced(2, "splice", "splice:error=EINVAL");
        assertThat(result.out()).as(result.toString()).endsWith("0 children\nall is well\n");
        assertThat(result.out()).doesNotContain("in 2");
    }

    @Test
    void startsOnceMoreWhenDescriptorsRanOut() throws Exception {
        var result = traced(2, "pipe2", "pipe2:error=EMFILE:when=3");
        assertThat(result.out()).as(result.toString()).endsWith("0 children\nall is well\n");
        assertThat(result.out()).contains("DONE in 2 ");
    }

    /** The call is counted by thread, and no thread but those that feed starts as many others, threads included. */
    @Test
    void startsOnceMoreWhenProcessesRanOut() throws Exception {
        var result = traced(160, "clone3", "clone3:error=EAGAIN:when=25");
        assertThat(result.out()).as(result.toString()).endsWith("0 children\nall is well\n");
        assertThat(result.out()).contains("DONE in 2 ");
    }

    private static void assumeTraceable() throws Exception {
        try {
            var unused =
                    Command.run("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync", "-o", "/dev/null", "true");
        } catch (AssertionError e) {
            assumeTrue(false, "strace may not trace here: " + e.getMessage());
        }
    }
}
