// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuntimeDirectoryKeyTest {
    @TempDir
    private Path directory;

    private Optional<BytePath> read(byte[] text) throws Exception {
        Path file = Files.write(directory.resolve("m.yaml"), text);
        return ConfigurationFile.readRuntimeDirectory(LinuxPosix.create(), BytePath.of(file.toString()));
    }

    private Optional<BytePath> read(String text) throws Exception {
        return read(text.getBytes());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "runtime-directory: run",
                "runtime-directory: 'run' # here",
                "\"runtime-directory\": run\nx",
                "{ state-directory: s, runtime-directory: run, pools: ",
                "pools: { a: [1, 2] }\nruntime-directory: run\n  bad: indent",
                "pools:\n  a: {ready: 4\n---\n: ]\nruntime-directory: run\n",
                "a: &x 1\nb: *y\nruntime-directory: run\n",
                "pools:\n  runtime-directory: no\nruntime-directory: run\nroots: \t[",
                "x: runtime-directory\ny: z\nruntime-directory: run\nruntime-directory: other\n",
                "\tx: y\nruntime-directory: run\n",
            })
    void isFoundInAFileWithMistakes(String text) throws Exception {
        assertThat(read(text)).contains(BytePath.of(directory + "/run"));
    }

    @Test
    void isFoundBesideBytesThatAreNotText() throws Exception {
        byte[] text =
                "# \u00ff\nruntime-directory: /srv/run\n\u0001".getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
        assertThat(read(text)).contains(BytePath.of("/srv/run"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "- runtime-directory\n- run",
                "runtime-directory",
                "pools:\n  runtime-directory: run",
                "runtime-directory: [run]",
                "runtime-directory: ''",
                "runtime-directory: \"\\0\"",
                "x: runtime-directory\nrun: 1"
            })
    void isMissingWhereNothingIsSaidOfIt(String text) throws Exception {
        assertThat(read(text)).isEmpty();
    }
}
