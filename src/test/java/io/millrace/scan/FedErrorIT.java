// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A scan whose thread dies of an Error in mid-file ends, and its workers before their pipes. */
class FedErrorIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = directory.resolve("file");
        var unused = CachedFile.random(file, 24 << 20, 1);
    }

    private TestWorker publishes(String name) {
        String path = directory.resolve(name).toString();
        return TestWorker.perFile("sh", "-c", "cat > " + path + ".part && mv " + path + ".part " + path);
    }

    @ParameterizedTest
    @CsvSource({"spliceFromFileNoWait,true", "spliceFromFileNoWait,false", "poll,true", "setCapacityBytes,true"})
    void whileItIsFed(String call, boolean digests) throws Exception {
        var error = faulty.before(call, arguments -> {
            throw new StackOverflowError("a test's");
        });
        error.fromCall(call.equals("setCapacityBytes") ? 2 : 4).times(1);
        try (var one = publishes("one").pool(faulty.posix());
                var two = publishes("two").pool(faulty.posix())) {
            var run = (digests ? ScanRun.with(DigestAlgorithm.SHA256) : ScanRun.with())
                    .over(faulty.posix())
                    .feeding(one, two);
            assertThatThrownBy(() -> run.of(file)).hasMessageContaining("a test's");
        }
        assertThat(error.injected()).isPositive();
        assertThat(List.of(directory.resolve("one"), directory.resolve("two")))
                .noneMatch(path -> path.toFile().exists());
    }

    @Test
    void whileAnotherFilesResultIsReported() throws Exception {
        Path small = directory.resolve("a");
        var unused = CachedFile.random(small, 10, 2);
        try (var one = publishes("one-$(basename $MILLRACE_PATH)").pool(LinuxPosix.create())) {
            var run = ScanRun.with().rate(4 << 20).feeding(one).tell(new ScanListener() {
                @Override
                public void fileFinished(FileResult result) {
                    throw new StackOverflowError("a test's");
                }
            });
            assertThatThrownBy(() -> run.of(small, file)).hasMessageContaining("a test's");
        }
        assertThat(directory.resolve("one-file")).doesNotExist();
    }
}
