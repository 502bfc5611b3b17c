// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.FaultyPosix;
import io.millrace.worker.SlowPolicy;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerMode;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where nobody can look into the pipe of a worker any more, because there is no /proc or no descriptor to be had. */
class WorkerUncountedIT {
    @TempDir
    private Path directory;

    private WorkerOutcome feed(int bytes, String script) throws Exception {
        var file = CachedFile.random(directory.resolve("file"), bytes, 1);
        var faulty = new FaultyPosix(LinuxPosix.create());
        var refused = faulty.fail("open", Errno.EMFILE).on("/proc/self/fd");
        var spec = new WorkerSpec(
                "worker",
                List.of("sh", "-c", script),
                WorkerMode.PER_FILE,
                1,
                SlowPolicy.BLOCK,
                WorkerSpec.Surroundings.DEFAULT,
                WorkerSpec.Limits.DEFAULT.withRetries(0));
        try (var pool = new WorkerPool(faulty.posix(), spec, new WorkerListener() {})) {
            var run = ScanRun.with().over(faulty.posix()).feeding(pool);
            var unused = run.of(file.path());
            assertThat(refused.injected()).isPositive();
            return run.result().workers().get(0);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 50_000, 1_000_000})
    void itIsDoneOnlyWithAll(int bytes) throws Exception {
        var counted = feed(bytes, "sleep 0.2; wc -c");
        assertThat(counted.kind()).as(counted.toString()).isEqualTo(Kind.DONE);
        assertThat(counted.output()).isEqualTo(bytes + "\n");
        var left = feed(bytes, "sleep 0.2; exit 0");
        assertThat(left.kind()).as(left.toString()).isEqualTo(Kind.ENDED_EARLY);
        var stopped = feed(bytes, "head -c " + (bytes - 1) + " > /dev/null");
        assertThat(stopped.kind()).as(stopped.toString()).isEqualTo(Kind.ENDED_EARLY);
    }
}
