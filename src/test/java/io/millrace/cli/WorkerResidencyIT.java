// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Workers of a user who may only read a file, so that nobody tells him what of it is hot. */
class WorkerResidencyIT {
    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"", "sha256"})
    void getTheRightBytesAndCostNoHotPage(String digest) throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(Kind.EXT4, 64)) {
                Path file = UnknownResidencyIT.halfHot(mount);
                var probe = new PageProbe(directory);
                var hot = probe.settled(file);
                List<Object> arguments = digest.isEmpty()
                        ? List.of("scan", "--json", "--exec=sha256sum", "--exec=wc -c", file)
                        : List.of("scan", "--json", "--digest=" + digest, "--exec=sha256sum", "--exec=wc -c", file);
                var scan =
                        ChildJvm.of(Main.class, arguments.toArray()).asNobody().run();
                var after = probe.settled(file);
                assertThat(scan.exitCode()).as(scan.toString()).isZero();
                String sum = Command.run("sha256sum", file).substring(0, 64);
                var line = Json.lines(scan.out()).get(0);
                var workers = Json.maps(line.get("workers"));
                assertThat(workers.get(0)).containsEntry("output", sum + "  -\n");
                assertThat(workers.get(1)).containsEntry("output", Files.size(file) + "\n");
                assertThat(scan.err()).contains("unknown for 24.0 MiB");
                PageProbe.assertKept(hot, after);
                System.out.printf("workers, residency unknown: left %d bytes%n", addedBytes(hot, after));
            }
        });
    }
}
