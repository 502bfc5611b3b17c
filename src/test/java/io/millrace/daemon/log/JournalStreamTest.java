// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalStreamTest {
    @TempDir
    private Path directory;

    @Test
    void isTheStreamThatIsNamedByDeviceAndInode() throws Exception {
        Path stream = Files.createFile(directory.resolve("stream"));
        String named = Command.run("stat", "--format=%d:%i", stream).strip();
        assertThat(JournalStream.is(named, stream)).isTrue();
        Path link = Files.createSymbolicLink(directory.resolve("fd"), stream);
        assertThat(JournalStream.is(named, link)).isTrue();
    }

    @Test
    void isNoOtherThoughTheVariableWasInherited() throws Exception {
        Path stream = Files.createFile(directory.resolve("stream"));
        Path other = Files.createFile(directory.resolve("other"));
        String named = Command.run("stat", "--format=%d:%i", stream).strip();
        assertThat(JournalStream.is(named, other)).isFalse();
        assertThat(JournalStream.is("", stream)).isFalse();
        assertThat(JournalStream.is("8", stream)).isFalse();
    }

    @Test
    void isNoneWithoutTheVariableOrWithoutAStream() {
        assertThat(JournalStream.is(null, directory)).isFalse();
        assertThat(JournalStream.is("8:1", directory.resolve("closed"))).isFalse();
    }
}
