// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Main;
import io.millrace.testkit.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Help and version texts on a standard output that takes nothing. */
class TextOutputIT {
    @ParameterizedTest
    @CsvSource({
        "--help, > /dev/full, No space left on device (ENOSPC)",
        "--version, > /dev/full, No space left on device (ENOSPC)",
        "--help, >&-, Bad file descriptor (EBADF)",
        "--version, >&-, Bad file descriptor (EBADF)",
        "scan --help, > /dev/full, No space left on device (ENOSPC)",
        "ctl scan start --help, > /dev/full, No space left on device (ENOSPC)",
        "cache status --help, >&-, Bad file descriptor (EBADF)"
    })
    void areNotLostInSilence(String arguments, String redirection, String why) throws Exception {
        var result = ChildJvm.of(Main.class, (Object[]) arguments.split(" "))
                .under("bash", "-c", "\"$@\" " + redirection, "bash")
                .option("-Dmillrace.descriptors=open")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(result.err()).isEqualTo("millrace: standard output: write: " + why + System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource({"--help", "ctl pool --help"})
    void areNoErrorWhereTheReaderLeaves(String arguments) throws Exception {
        var result = ChildJvm.of(Main.class, (Object[]) arguments.split(" "))
                .under("bash", "-c", "\"$@\" | true; exit ${PIPESTATUS[0]}", "bash")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isIn(ExitCode.OUTPUT_CLOSED, ExitCode.DONE);
        assertThat(result.err()).isEmpty();
    }
}
