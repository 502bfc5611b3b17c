// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Programs that cannot be started, and named files that say so. */
class WorkerStartsIT {
    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private FedPair files;

    @BeforeEach
    void writeFiles() throws Exception {
        files = new FedPair(directory);
    }

    private void isNotStarted(TestWorker subject, String reason) throws Exception {
        List<WorkerOutcome> outcomes = files.outcomes(subject);
        assertThat(outcomes).hasSize(2).allSatisfy(outcome -> {
            assertThat(outcome.kind()).as(outcome.reason()).isEqualTo(Kind.NOT_STARTED);
            assertThat(outcome.reason()).isEqualTo(reason);
            assertThat(outcome.attempts())
                    .as("a start that failed is an attempt")
                    .isEqualTo(1);
        });
    }

    @Test
    void aProgramThatIsNotThereIsNamed() throws Exception {
        var missing = directory.resolve("missing").toString();
        isNotStarted(TestWorker.perFile(missing), missing + ": posix_spawn: No such file or directory (ENOENT)");
        isNotStarted(TestWorker.persistent(missing), missing + ": posix_spawn: No such file or directory (ENOENT)");
    }

    @Test
    void aProgramThatIsNotInPathIsNamedWithThatPath() throws Exception {
        isNotStarted(
                TestWorker.perFile("millrace-no-such-program").variable("PATH", "/usr/bin:/bin"),
                "millrace-no-such-program: no such program in /usr/bin:/bin");
    }

    @Test
    void aProgramThatIsNotExecutableIsNamed() throws Exception {
        var plain = Files.writeString(directory.resolve("plain"), "#!/bin/sh\n").toString();
        isNotStarted(TestWorker.perFile(plain), plain + ": posix_spawn: Permission denied (EACCES)");
        isNotStarted(TestWorker.perFile("plain").variable("PATH", directory), "plain: no such program in " + directory);
    }

    @Test
    void aScriptWithoutAnInterpreterIsNamed() throws Exception {
        Path script = Files.writeString(directory.resolve("script"), "echo hello\n");
        assertThat(script.toFile().setExecutable(true)).isTrue();
        isNotStarted(TestWorker.perFile(script.toString()), script + ": posix_spawn: Exec format error (ENOEXEC)");
    }

    @Test
    void aWorkingDirectoryThatIsNotThereIsNamed() throws Exception {
        Path missing = directory.resolve("missing");
        isNotStarted(TestWorker.perFile("wc").in(missing), missing + ": statx: No such file or directory (ENOENT)");
    }

    @Test
    void aWorkingDirectoryThatIsNoneIsNamed() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "");
        isNotStarted(TestWorker.perFile("wc").in(file), file + ": is a regular file, not a directory");
    }
}
