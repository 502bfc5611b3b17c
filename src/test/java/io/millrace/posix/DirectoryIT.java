// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DirectoryIT {
    private static final int NAMES = 2_000;

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final FileCalls files = scratch.posix().files();

    @Test
    void streamsEveryNameAsTheBytesItIs() throws IOException {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var names = names(new Random(seed));
        var here = Scratch.path(scratch.directory());
        for (BytePath name : names) {
            files.create(here.resolve(name.toBytes()), Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE), 0600)
                    .close();
        }
        var seen = list(scratch.directory());
        assertThat(seen.keySet()).as("seed " + seed).isEqualTo(names);
        try (var directory = scratch.openDirectory()) {
            for (var entry : seen.values()) {
                var path = here.resolve(entry.name());
                assertThat(entry.inode())
                        .isEqualTo(files.statusAt(directory, entry.name(), path).inode());
                files.unlink(path);
            }
        }
        assertThat(list(scratch.directory())).isEmpty();
    }

    private static Set<BytePath> names(Random random) {
        var names = new HashSet<BytePath>();
        for (int i = 0; i < 20; i++) { // the longest there are, with a newline, an escape and what is no UTF-8
            byte[] name = name(random, 255);
            name[3] = '\n';
            name[5] = 0x1B;
            name[7] = (byte) 0xFF;
            name[8] = (byte) ('a' + i);
            names.add(BytePath.of(name));
        }
        names.add(BytePath.of("..."));
        names.add(BytePath.of(" "));
        names.add(BytePath.of("-"));
        while (names.size() < NAMES) {
            byte[] name = name(random, 1 + random.nextInt(60));
            if (name[0] != '.') {
                names.add(BytePath.of(name));
            }
        }
        return names;
    }

    private static byte[] name(Random random, int length) {
        byte[] name = new byte[length];
        random.nextBytes(name);
        for (int i = 0; i < length; i++) {
            if (name[i] == 0 || name[i] == '/') {
                name[i] = 'x';
            }
        }
        return name;
    }

    private Map<BytePath, Directory.Entry> list(Path directory) throws IOException {
        var seen = new HashMap<BytePath, Directory.Entry>();
        try (var list = files.list(scratch.open(directory, OpenFlag.DIRECTORY), Scratch.path(directory))) {
            assertThat(list.path()).isEqualTo(Scratch.path(directory));
            for (var batch = list.nextBatch(); batch != null; batch = list.nextBatch()) {
                for (var entry : batch) {
                    assertThat(seen.put(BytePath.of(entry.name()), entry)).isNull();
                }
            }
            assertThat(list.nextBatch()).as("the end stays the end").isNull();
        }
        return seen;
    }

    @Test
    void knowsTheTypesOfItsEntries() throws Exception {
        scratch.write("file", new byte[1]);
        Files.createDirectory(scratch.file("directory"));
        Files.createSymbolicLink(scratch.file("link"), Path.of("file"));
        Command.run("mkfifo", scratch.file("fifo"));
        var types = new HashMap<String, FileType>();
        list(scratch.directory()).forEach((name, entry) -> types.put(name.toString(), entry.type()));
        assertThat(types)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "file", FileType.REGULAR,
                        "directory", FileType.DIRECTORY,
                        "link", FileType.SYMLINK,
                        "fifo", FileType.FIFO));
        assertThat(list(Path.of("/dev")).get(BytePath.of("null")).type()).isEqualTo(FileType.CHARACTER_DEVICE);
    }

    @Test
    void opensItsEntries() throws IOException {
        var file = scratch.write("a", new byte[7]);
        try (var list = files.list(scratch.openDirectory(), Scratch.path(scratch.directory()));
                var fd = files.openAt(list.fd(), "a".getBytes(), Scratch.path(file), Set.of())) {
            assertThat(files.status(fd).sizeBytes()).isEqualTo(7);
        }
    }

    @Test
    void saysSoWhenTheDirectoryIsGoneOrWasNone() throws IOException {
        var gone = Files.createDirectory(scratch.file("gone"));
        try (var list = files.list(scratch.open(gone, OpenFlag.DIRECTORY), Scratch.path(gone))) {
            Files.delete(gone);
            assertThatThrownBy(list::nextBatch).hasMessage(gone + ": getdents64: No such file or directory (ENOENT)");
        }
        var file = scratch.write("file", new byte[1]);
        try (var list = files.list(scratch.open(file), Scratch.path(file))) {
            assertThatThrownBy(list::nextBatch).hasMessage(file + ": getdents64: Not a directory (ENOTDIR)");
        }
    }

    @Test
    void closesTheDescriptorThatItTookOver() throws IOException {
        var fd = scratch.openDirectory();
        var list = files.list(fd, Scratch.path(scratch.directory()));
        list.close();
        assertThatIllegalStateException().isThrownBy(fd::number);
        assertThatIllegalStateException().isThrownBy(list::nextBatch);
    }
}
