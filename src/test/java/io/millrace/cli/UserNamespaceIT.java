// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * In a user namespace, as in a rootless container, a user has every capability, and none of them counts for files whose owner is
 * not mapped there. Such an owner shows as 65534, which may be the user's own number.
 */
class UserNamespaceIT {
    private static final int BYTES = 8 << 20;

    @TempDir
    private Path directory;

    private static ChildJvm.Result inNamespace(String unshare, Object... arguments) throws Exception {
        return ChildJvm.of(Main.class, arguments)
                .under("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups")
                .under(unshare.split(" "))
                .run();
    }

    /** {@code unshare}: as root of the namespace, as nobody's number of a namespace that maps none. */
    @ParameterizedTest
    @ValueSource(strings = {"unshare -Ur", "unshare -U"})
    void aColdFileOfAnotherIsUnknownAndStaysCold(String unshare) throws Exception {
        try (var mount = LoopMount.of(Kind.EXT4, 64)) {
            assumeNamespaces();
            Path file = coldFileOfAnother(mount);
            var status = inNamespace(unshare, "cache", "status", "--json", file);
            assertThat(status.out()).as(status.toString()).contains("\"resident_bytes\":null", "\"unknown\":1");
            var scan = inNamespace(unshare, "scan", "--digest", "crc32c", "--json", file);
            assertThat(scan.exitCode()).as(scan.toString()).isZero();
            var cat = inNamespace(unshare, "cat", file);
            assertThat(cat.exitCode()).as(cat.err()).isZero();
            var evict = inNamespace(unshare, "cache", "evict", file);
            assertThat(evict.err()).doesNotContain("stay");
            var probe = inNamespace(unshare, "probe", file);
            assertThat(probe.out()).contains("unknown: you neither own this file nor may write it");
            assertThat(new PageProbe(directory).resident(file).cardinality()).isZero();
        }
    }

    private static void assumeNamespaces() throws InterruptedException {
        try {
            String unused = Command.run("setpriv", "--reuid=65534", "--clear-groups", "unshare", "-Ur", "true");
        } catch (IOException | AssertionError e) {
            Assumptions.abort("this kernel gives users no namespaces of their own: " + e.getMessage());
        }
    }

    private static Path coldFileOfAnother(LoopMount mount) throws Exception {
        Files.setPosixFilePermissions(mount.directory().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] content = new byte[BYTES];
        new Random(1).nextBytes(content);
        Path file = Files.write(mount.directory().resolve("other"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String unused = Command.run("chown", "1234:1234", file);
        unused = Command.run("sync", "-f", file);
        unused = Command.run("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
        return file;
    }
}
