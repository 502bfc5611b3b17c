// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.output.ExitCode;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file system in user space whose files hold other than stat(2) says, as documents in mounts of cloud drives do. */
class UnknownSizeIT {
    /** {@code /empty} says 0 and holds 34 bytes, {@code /short} says 10 and holds 34, {@code /true} says 34. */
    private static final String SOURCE = """
            #define FUSE_USE_VERSION 31
            #include <errno.h>
            #include <fuse.h>
            #include <string.h>
            static const char *text = "hello from a file of unknown size\\n";
            static int getattr(const char *p, struct stat *s, struct fuse_file_info *f) {
                memset(s, 0, sizeof *s);
                if (!strcmp(p, "/")) { s->st_mode = S_IFDIR | 0755; return 0; }
                s->st_mode = S_IFREG | 0644; s->st_nlink = 1;
                s->st_size = !strcmp(p, "/empty") ? 0 : !strcmp(p, "/short") ? 10 : 34;
                return 0;
            }
            static int list(const char *p, void *b, fuse_fill_dir_t fill, off_t o, struct fuse_file_info *f,
                            enum fuse_readdir_flags l) {
                fill(b, "empty", 0, 0, 0); fill(b, "short", 0, 0, 0); fill(b, "true", 0, 0, 0); return 0;
            }
            static int opened(const char *p, struct fuse_file_info *f) { f->direct_io = 1; return 0; }
            static int content(const char *p, char *b, size_t n, off_t o, struct fuse_file_info *f) {
                size_t l = strlen(text);
                if ((size_t) o >= l) return 0;
                if (o + n > l) n = l - o;
                memcpy(b, text + o, n);
                return n;
            }
            static const struct fuse_operations ops = { .getattr = getattr, .readdir = list, .open = opened, .read = content };
            int main(int c, char **v) { return fuse_main(c, v, &ops, 0); }
            """;

    @TempDir
    private Path directory;

    private Path mount;

    @BeforeEach
    void mount() throws Exception {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/fuse")), "there is no /dev/fuse");
        Assumptions.assumeTrue(Files.exists(Path.of("/usr/include/fuse3/fuse.h")), "libfuse3-dev is not installed");
        mount = Files.createDirectory(directory.resolve("mount"));
        Path source = Files.writeString(directory.resolve("sizes.c"), SOURCE);
        Path program = directory.resolve("sizes");
        String flags = "-D_FILE_OFFSET_BITS=64 -I/usr/include/fuse3 -o " + program + " " + source + " -lfuse3";
        String unused = Command.run("sh", "-c", "cc " + flags);
        unused = Command.run(program, mount);
        Awaitility.await().atMost(60, TimeUnit.SECONDS).until(() -> Files.exists(mount.resolve("true")));
    }

    @AfterEach
    void unmount() throws Exception {
        if (mount != null) {
            String unused = Command.run("umount", "-l", mount);
        }
    }

    @Test
    void isNeverDigestedAsIfItWereWhole() throws Exception {
        var scan = ChildJvm.of(Main.class, "scan", "--digest", "sha256", mount).run();
        assertThat(scan.exitCode()).as(scan.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(scan.out().strip())
                .isEqualTo(Command.run("sha256sum", mount.resolve("true")).strip());
        assertThat(scan.err())
                .contains(
                        mount + "/empty: holds more than the 0 bytes that are its size by stat(2)",
                        mount + "/short: holds more than the 10 bytes that are its size by stat(2)");
    }

    @Test
    void isNeitherFedNorCopiedAsIfItWereWhole() throws Exception {
        var fed = ChildJvm.of(Main.class, "scan", "--exec", "wc -c", mount.resolve("empty"))
                .run();
        assertThat(fed.exitCode()).as(fed.toString()).isEqualTo(ExitCode.SOME_FAILED);
        var cat = ChildJvm.of(Main.class, "cat", mount.resolve("empty"), mount.resolve("true"))
                .run();
        assertThat(cat.exitCode()).as(cat.toString()).isEqualTo(ExitCode.SOME_FAILED);
        assertThat(cat.out()).isEqualTo("hello from a file of unknown size\n");
    }
}
