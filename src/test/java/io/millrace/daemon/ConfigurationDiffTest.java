// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConfigurationDiffTest {
    private static final String BEFORE = """
            workers: {a: {command: cat}, b: {command: cat}}
            sources: {s: {paths: [/]}}
            """;

    @TempDir
    Path directory;

    private ServiceFile file;

    @BeforeEach
    void write() throws IOException {
        file = ServiceFile.in(directory);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            roots: []                                         | no changes
            roots: [data]                                     | roots changed
            reserve: 1GiB                                     | reserve changed
            limits: {rate: 1MiB/s}                            | total scan rate changed
            http: {listen: "off"}                             | HTTP listener changed
            jmx: {listen: 127.0.0.1:1}                        | JMX listener changed
            pools: {p: {directory: wal, file-size: 1, ready: 1}} | 1 pool added
            """)
    void tellWhatOneLineChanges(String line, String words) throws IOException {
        assertThat(ConfigurationDiff.of(file.read(BEFORE), file.read(BEFORE + line + "\n")))
                .isEqualTo(words);
    }

    @Test
    void countWhatIsAddedChangedAndRemoved() throws IOException {
        String after = "workers: {b: {command: wc}, c: {command: cat}, d: {command: cat}}\n"
                + "limits: {yield-above: {io-pressure: 3%}}\nsources: {s: {paths: [/]}}\n";
        assertThat(ConfigurationDiff.of(file.read(BEFORE), file.read(after)))
                .isEqualTo("1 source changed; 2 workers added; 1 worker changed; 1 worker removed; scan defaults"
                        + " changed");
    }
}
