// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.testkit.CCompiler;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every number of this package against the headers of the C library and the kernel. */
public class ConstantsIT {
    /** Where Debian's linux-libc-dev-arm64-cross and libc6-dev-arm64-cross put the headers of aarch64. */
    private static final Path AARCH64_HEADERS =
            Path.of(System.getProperty("millrace.aarch64.include", "/usr/aarch64-linux-gnu/include"));

    @TempDir
    Path directory;

    @Test
    void numbersAreThoseOfThisMachinesHeaders() throws Exception {
        CCompiler.check(directory, Constants.source(Abi.HERE), List.of());
    }

    @Test
    void numbersOfAarch64AreThoseOfItsHeaders() throws Exception {
        assumeTrue(
                Files.isDirectory(AARCH64_HEADERS),
                "the headers of aarch64 are not installed (Debian: libc6-dev-arm64-cross)");
        Command.assumeExists("cc");
        String compilersOwn = Command.run("cc", "-print-file-name=include").strip();
        CCompiler.check(
                directory,
                Constants.source(Abi.AARCH64),
                List.of(
                        "-nostdinc",
                        "-U__x86_64__",
                        "-D__aarch64__",
                        "-isystem",
                        compilersOwn,
                        "-isystem",
                        AARCH64_HEADERS));
    }

    @Test
    void aWrongNumberWouldBeSeen() {
        var expected =
                new Constants().expect("O_CLOEXEC", OpenFlag.O_CLOEXEC + 1L).expect("SEEK_DATA", 4);
        assertThat(catchThrowable(() -> CCompiler.check(directory, expected.source(), List.of())))
                .hasMessageContaining("O_CLOEXEC is not 524289")
                .hasMessageContaining("SEEK_DATA is not 4");
    }

    @Test
    void everyErrorHasTheNameAndTheWordsOfTheLibrary() throws Exception {
        var program = CCompiler.program(directory, "errors", """
                #include <stdio.h>
                #include <string.h>
                int main(void) {
                    for (int number = 1; number < 4096; number++)
                        if (strerrorname_np(number) != NULL)
                            printf("%d %s %s\\n", number, strerrorname_np(number), strerror(number));
                    return 0;
                }
                """);
        assertThat(Command.run(program).lines().toList())
                .containsExactlyElementsOf(Arrays.stream(Errno.values())
                        .filter(errno -> errno != Errno.UNKNOWN)
                        .map(errno -> errno.number() + " " + errno + " " + errno.message())
                        .toList());
    }
}
