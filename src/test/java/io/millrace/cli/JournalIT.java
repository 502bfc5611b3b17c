// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What ends the program has a priority in the journal, and nowhere else. */
class JournalIT {
    private static final String NAME_STANDARD_ERROR =
            "JOURNAL_STREAM=$(stat --dereference --format=%d:%i /proc/self/fd/2); export JOURNAL_STREAM; exec \"$@\"";

    @TempDir
    private Path directory;

    private Path file;

    @BeforeEach
    void write() throws Exception {
        file = Files.writeString(directory.resolve("millrace.yaml"), "colour: red\nshape: round\n");
    }

    @Test
    void everyProblemIsALineOfPriorityErr() throws Exception {
        var result = ChildJvm.of(Main.class, "check-config", file)
                .under("sh", "-c", NAME_STANDARD_ERROR, "sh")
                .run();
        assertThat(result.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(result.err().lines()).hasSize(2).allMatch(line -> line.startsWith("<3>" + file + ":"));
    }

    @Test
    void aVariableThatWasInheritedChangesNothing() throws Exception {
        var result = ChildJvm.of(Main.class, "check-config", file)
                .environment("JOURNAL_STREAM", "8:1")
                .run();
        assertThat(result.exitCode()).isEqualTo(ExitCode.BAD_CONFIGURATION);
        assertThat(result.err().lines()).hasSize(2).allMatch(line -> line.startsWith("millrace: " + file + ":"));
    }
}
