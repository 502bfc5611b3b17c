// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Scratch;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StateFileIT {
    private static final byte[] OLD = "what was there before".getBytes(StandardCharsets.UTF_8);
    private static final byte[] NEW = "what came after it, and is longer".getBytes(StandardCharsets.UTF_8);

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private StateFile state;

    @BeforeEach
    void open() {
        state = new StateFile(faulty.posix(), Scratch.path(scratch.directory()), "state");
    }

    private List<String> names() throws IOException {
        try (var entries = Files.list(scratch.directory())) {
            return entries.map(Path::getFileName).map(Path::toString).sorted().toList();
        }
    }

    @Test
    void givesBackWhatItWasGiven() throws IOException {
        assertThat(state.read(100)).isEmpty();
        for (byte[] content : List.of(OLD, NEW, new byte[0], new byte[100_000])) {
            state.replace(content);
            assertThat(state.read(100_000))
                    .hasValueSatisfying(read -> assertThat(read).isEqualTo(content));
            assertThat(names()).containsExactly("state");
        }
        assertThat(state.path()).hasToString(scratch.file("state").toString());
        int permissions = scratch.posix().files().status(state.path()).permissions();
        assertThat(permissions & ~0640).isZero();
        assertThat(permissions & 0600).isEqualTo(0600);
    }

    @Test
    void replacesTheFileAndDoesNotWriteIntoIt() throws IOException {
        state.replace(OLD);
        Path other = Files.createLink(scratch.file("other"), scratch.file("state"));
        state.replace(NEW);
        assertThat(other).hasBinaryContent(OLD);
        assertThat(scratch.file("state")).hasBinaryContent(NEW);
    }

    @ParameterizedTest
    @CsvSource({"open,1,EACCES", "unlinkAt,1,EIO", "createAt,1,ENOSPC", "pwrite,1,ENOSPC", "fsync,1,EIO", "rename,1,EIO"
    })
    void keepsTheOldContentAndNothingBesideWhenACallFails(String call, int number, Errno errno) throws IOException {
        state.replace(OLD);
        var fault = faulty.fail(call, errno).fromCall(number).times(1);
        assertThatThrownBy(() -> state.replace(NEW)).hasMessageContaining("(" + errno + ")");
        assertThat(fault.injected()).isEqualTo(1);
        assertThat(scratch.file("state")).hasBinaryContent(OLD);
        assertThat(names()).containsExactly("state");
        state.replace(NEW);
        assertThat(scratch.file("state")).hasBinaryContent(NEW);
    }

    @Test
    void saysSoWhenItCannotTellWhetherTheNameIsDurable() throws IOException {
        state.replace(OLD);
        faulty.fail("fsync", Errno.EIO).fromCall(2);
        assertThatThrownBy(() -> state.replace(NEW))
                .hasMessage(scratch.directory() + ": fsync: " + Errno.EIO.message() + " (EIO)");
        assertThat(scratch.file("state")).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("state");
    }

    @Test
    void doesNotHideTheFirstFailureBehindTheSecond() throws IOException {
        faulty.fail("pwrite", Errno.ENOSPC);
        faulty.fail("unlinkAt", Errno.EROFS).fromCall(2);
        assertThatThrownBy(() -> state.replace(NEW))
                .hasMessageContaining("(ENOSPC)")
                .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    }

    @Test
    void takesTheNameOfALeftoverWhateverItIs() throws IOException {
        Files.createSymbolicLink(scratch.file(".state.new"), scratch.file("elsewhere"));
        Files.write(scratch.file("elsewhere"), OLD);
        state.replace(NEW);
        assertThat(scratch.file("elsewhere")).hasBinaryContent(OLD);
        assertThat(scratch.file("state")).hasBinaryContent(NEW);
        assertThat(names()).containsExactly("elsewhere", "state");
    }

    @Test
    void syncsBeforeItRenamesAndTheDirectoryAfter() throws IOException {
        var synced = faulty.fail("fsync", Errno.EIO).on("state").fromCall(100);
        var directory = faulty.fail("fsync", Errno.EIO).fromCall(100);
        faulty.fail("rename", Errno.EIO).times(1);
        assertThatThrownBy(() -> state.replace(NEW)).hasMessageContaining("rename");
        assertThat(synced.calls()).isEqualTo(1);
        assertThat(directory.calls()).isEqualTo(1);
        state.replace(NEW);
        assertThat(synced.calls()).isEqualTo(2);
        assertThat(directory.calls()).as("of the file, and of its directory").isEqualTo(3);
    }

    @Test
    void readsNothingThatItCannotHaveWritten() throws IOException {
        state.replace(OLD);
        assertThat(state.read(OLD.length)).isPresent();
        assertThatThrownBy(() -> state.read(OLD.length - 1))
                .hasMessage(state.path() + ": read: File too large (EFBIG)");
        Files.move(scratch.file("state"), scratch.file("real"));
        Files.createSymbolicLink(scratch.file("state"), Path.of("real"));
        assertThatThrownBy(() -> state.read(100)).hasMessageContaining("(ELOOP)");
        Files.delete(scratch.file("state"));
        Files.createDirectory(scratch.file("state"));
        assertThatThrownBy(() -> state.read(100)).hasMessageContaining("(EISDIR)");
        assertThatThrownBy(() -> new StateFile(faulty.posix(), BytePath.of("/dev"), "null").read(100))
                .hasMessageContaining("(EINVAL)");
        assertThatThrownBy(() -> state.replace(NEW)).hasMessageContaining("(EISDIR)");
        assertThat(names()).containsExactly("real", "state");
        faulty.fail("pread", Errno.EIO);
        assertThatThrownBy(() -> new StateFile(faulty.posix(), Scratch.path(scratch.directory()), "real").read(100))
                .hasMessageContaining("(EIO)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StateFile(faulty.posix(), BytePath.of("/tmp"), "a/b"));
    }
}
