// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.posix.Posix;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.Command;
import io.millrace.testkit.Descriptors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A directory for one test, deleted afterwards at whatever depth and with whatever names, and a watch over the
 * descriptors that the test leaves open.
 */
public final class Scratch implements BeforeEachCallback, AfterEachCallback {
    private final Posix posix = LinuxPosix.create();
    private Path directory = Path.of("/");
    private List<String> openBefore = List.of();

    @Override
    public void beforeEach(ExtensionContext context) throws IOException {
        directory = Files.createTempDirectory("millrace-posix-").toRealPath();
        openBefore = openDescriptors();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        var unused = Command.run("rm", "-rf", "--", directory);
        await("descriptors that the test left open") // the JVM closes the pipes of its children when it gets to it
                .untilAsserted(() -> assertThat(openBefore).containsAll(openDescriptors()));
    }

    /** Pipes, terminals, anonymous files and whatever lies in the directory; the JVM opens other things by itself. */
    private List<String> openDescriptors() throws IOException {
        return Descriptors.open().entrySet().stream()
                .filter(open -> isOfTests(open.getValue()))
                .map(open -> open.getKey() + " -> " + open.getValue())
                .toList();
    }

    private boolean isOfTests(String target) {
        return target.startsWith(directory.toString())
                || target.startsWith("pipe:")
                || target.startsWith("/dev/pt")
                || target.startsWith("anon_inode:");
    }

    public Posix posix() {
        return posix;
    }

    public Path directory() {
        return directory;
    }

    public Path file(String name) {
        return directory.resolve(name);
    }

    @CanIgnoreReturnValue
    public Path write(String name, byte[] content) throws IOException {
        return Files.write(file(name), content);
    }

    /** A new file, open for reading and writing. */
    public OwnedFd create(String name) throws PosixException {
        return posix.files()
                .create(path(file(name)), Set.of(OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.EXCLUSIVE), 0644);
    }

    public OwnedFd open(Path file, OpenFlag... flags) throws PosixException {
        return posix.files().open(path(file), Set.of(flags));
    }

    public OwnedFd openDirectory() throws PosixException {
        return open(directory, OpenFlag.DIRECTORY);
    }

    /** What the kernel holds as the flags of an open file (proc(5)). */
    public static int flags(OwnedFd fd) throws IOException {
        return Files.readAllLines(Path.of("/proc/self/fdinfo", String.valueOf(fd.number()))).stream()
                .filter(line -> line.startsWith("flags:"))
                .mapToInt(line -> Integer.parseInt(line.substring(6).strip(), 8))
                .findFirst()
                .orElseThrow();
    }

    /** Skips the test where the directory lies on a file system of that type, and says {@code why}. */
    public void assumeNot(long magic, String why) throws PosixException {
        try (var fd = openDirectory()) {
            assumeTrue(posix.files().fileSystem(fd).magic() != magic, why);
        }
    }

    /** Skips the test where a file cannot be that long, even without blocks. */
    public void assumeLength(long lengthBytes) throws PosixException {
        try (var fd = create("long")) {
            posix.files().truncate(fd, lengthBytes);
            posix.files().unlink(path(file("long")));
        } catch (PosixException e) {
            assumeTrue(!e.is(Errno.EFBIG), "files of this file system end before " + lengthBytes);
            throw e;
        }
    }

    public static BytePath path(Path file) {
        return BytePath.of(file.toString());
    }
}
