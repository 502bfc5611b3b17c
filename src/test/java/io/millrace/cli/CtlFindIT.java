// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.files.DirectoryLock;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How {@code millrace ctl} finds the service, and what it says where it does not. */
class CtlFindIT {
    @TempDir
    private Path directory;

    private Path run;

    @BeforeEach
    void makeRuntimeDirectory() throws Exception {
        run = Files.createDirectory(directory.resolve("run"));
        write(credential(), "host=127.0.0.1\nport=1\nuser=millrace\npassword=x\n", "600");
    }

    private Path credential() {
        return run.resolve("jmx.credential");
    }

    private static void write(Path file, String text, String mode) throws Exception {
        Files.writeString(file, text);
        var unused = Command.run("chmod", mode, file);
    }

    private static ChildJvm.Result ctl(Object... words) throws Exception {
        return ChildJvm.of(Main.class, words).run();
    }

    private static void expect(ChildJvm.Result result, int exitCode, String... words) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(exitCode);
        assertThat(result.err()).startsWith("millrace: ").contains(words).hasLineCount(1);
    }

    @Test
    void readsTheRuntimeDirectoryWhateverElseIsWrongWithTheFile() throws Exception {
        Path file = directory.resolve("m.yaml");
        Files.writeString(file, "runtime-directory: run\npools: { a: { redy: six, directory: /none } }\n]: - {\n");
        expect(ctl("ctl", "status", "--config", file), 69, "127.0.0.1:1: no service answers to " + credential());
        expect(ctl("ctl", "--config", file, "pool", "list"), 69, "no service answers to " + credential());
    }

    @Test
    void saysWhatItLookedForWhere() throws Exception {
        Path file = Files.writeString(directory.resolve("m.yaml"), "runtime-directory: none\n");
        expect(
                ctl("ctl", "stop", "--config", file),
                69,
                "no service found: " + directory + "/none/jmx.credential (from " + file + ") does not exist");
        Path missing = directory.resolve("missing.yaml");
        expect(ctl("ctl", "status", "--config", missing), 78, missing + ": open: No such file or directory (ENOENT)");
        Path silent = Files.writeString(directory.resolve("s.yaml"), "pools: {}\n");
        var result = ctl("ctl", "status", "--config", silent);
        assertThat(result.err()).contains("/run/millrace/jmx.credential", silent + " names no runtime-directory");
    }

    @Test
    void saysThatAServiceDoesNotRunOnlyWhereItIsKnown() throws Exception {
        assertThat(ctl("ctl", "status", "--credential", credential()).err()).doesNotContain("does not run");
        BytePath lock = BytePath.of(run.resolve("jmx.lock").toString());
        Files.createFile(run.resolve("jmx.lock"));
        expect(ctl("ctl", "status", "--credential", credential()), 69, "; the service that wrote it does not run");
        try (var held = DirectoryLock.take(LinuxPosix.create(), lock)) {
            assertThat(held).isNotNull();
            String self = "(process " + ProcessHandle.current().pid() + ")";
            expect(ctl("ctl", "status", "--credential", credential()), 69, "; it runs " + self);
            Files.delete(credential());
            expect(
                    ctl("ctl", "status", "--credential", credential()),
                    69,
                    "no service found: " + credential() + " does not exist, although a service runs there " + self);
        }
    }

    @Test
    void believesOnlyRootOneselfAndTheOwnerOfADirectoryThatRootGaveHim() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "only root can give files to others");
        var unused = Command.run("chown", "65534", credential());
        expect(
                ctl("ctl", "status", "--credential", credential()),
                1,
                credential() + ": belongs to user 65534, but must belong to root");
        unused = Command.run("chown", "65534", run);
        unused = Command.run("chmod", "755", directory);
        expect(ctl("ctl", "status", "--credential", credential()), 69, "no service answers");
        unused = Command.run("chmod", "1777", directory);
        expect(ctl("ctl", "status", "--credential", credential()), 1, "belongs to user 65534");
    }

    @Test
    void namesWhoMayReadTheCredential() throws Exception {
        assumeTrue(LinuxPosix.create().process().effectiveUser() == 0, "only root can ask as somebody else");
        var unused = Command.run("chmod", "755", directory);
        unused = Command.run("chmod", "640", credential());
        unused = Command.run("chgrp", "12", credential());
        Path file = Files.writeString(directory.resolve("m.yaml"), "runtime-directory: run\n");
        unused = Command.run("chmod", "644", file);
        expect(
                ChildJvm.of(Main.class, "ctl", "status", "--config", file)
                        .asNobody()
                        .run(),
                1,
                credential() + ": open: Permission denied (EACCES); only root and members of group 12 may read it");
        unused = Command.run("chmod", "750", run);
        unused = Command.run("chgrp", "12", run);
        expect(
                ChildJvm.of(Main.class, "ctl", "status", "--config", file)
                        .asNobody()
                        .run(),
                1,
                credential() + " (from " + file + "): permission denied (EACCES); only root and members of group 12");
    }

    @Test
    void neitherWaitsForNorFillsItsMemoryWithWhatIsInThePlaceOfACredential() throws Exception {
        for (String command : List.of("mkfifo -m 600", "mkdir -m 700", "truncate -s 1T")) {
            Files.delete(credential());
            var unused = Command.run("sh", "-c", "umask 077; " + command + " " + credential());
            expect(ctl("ctl", "status", "--credential", credential()), 1, credential() + ": is ");
        }
    }
}
