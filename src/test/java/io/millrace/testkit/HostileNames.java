// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.linux.LinuxPosix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** A directory of files with the names that break programs; each holds its own name. Deleted by {@link #close()}. */
public final class HostileNames implements AutoCloseable {
    private static final Posix POSIX = LinuxPosix.create();

    private final Path directory;
    private final List<byte[]> names;

    public HostileNames() throws IOException {
        directory = Files.createTempDirectory("millrace-names-");
        names = List.of(
                bytes("plain"),
                bytes("new\nline"),
                bytes("carriage\rreturn"),
                bytes("back\\slash"),
                bytes("back\\nslash"),
                bytes("-dash"),
                bytes("--help"),
                bytes("@list"),
                bytes("esc\033[31mred"),
                bytes(" spaces  at both ends "),
                bytes("caf\u00e9 \u6c34\u8eca"),
                new byte[] {'b', 'a', 'd', (byte) 0xFF, (byte) 0xC3, '('},
                new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
                new byte[] {'\n', (byte) 0x80, '\\'},
                longest());
        for (byte[] name : names) {
            write(name);
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** 255 bytes, the most that a name can have. */
    private static byte[] longest() {
        var name = new ByteArrayOutputStream();
        while (name.size() < 255) {
            name.writeBytes(new byte[] {'l', '\n', (byte) 0xFE, 033, '\\'});
        }
        return name.toByteArray();
    }

    private void write(byte[] name) throws IOException {
        var path = BytePath.of(directory.toString()).resolve(name);
        try (var fd = POSIX.files().create(path, Set.of(OpenFlag.CREATE, OpenFlag.WRITE_ONLY), 0644);
                var buffer = NativeBuffer.allocate(name.length)) {
            buffer.first(name.length).put(name);
            POSIX.io().write(fd, buffer, name.length);
        }
    }

    public Path directory() {
        return directory;
    }

    /** In no particular order. */
    public List<byte[]> names() {
        return names;
    }

    @Override
    public void close() throws IOException {
        try {
            var unused = Command.run("rm", "-rf", "--", directory);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
