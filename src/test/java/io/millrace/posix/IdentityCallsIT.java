// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.testkit.CCompiler;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tells one file from all others, against the system's own programs. */
class IdentityCallsIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final UUID GIVEN = UUID.fromString("01234567-89ab-4def-8123-456789abcdef");

    @TempDir
    Path directory;

    private static OwnedFd open(Path file) throws PosixException {
        return POSIX.files().open(BytePath.of(file.toString()), Set.of(OpenFlag.READ_ONLY));
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS"})
    void theUuidIsTheOneThatMkfsWasGiven(Kind kind) throws Exception {
        String[] options = kind == Kind.XFS ? new String[] {"-m", "uuid=" + GIVEN} : new String[] {"-U", "" + GIVEN};
        try (var mount = LoopMount.of(kind, 8, options)) {
            Path file = Files.writeString(mount.directory().resolve("file"), "content");
            try (var fd = open(file)) {
                var uuid = POSIX.identities().fileSystemUuid(fd);
                assumeTrue(uuid.isPresent(), "this kernel has no FS_IOC_GETFSUUID (Linux 6.9)");
                assertThat(uuid).contains(GIVEN);
            }
        }
    }

    @Test
    void btrfsHasANumberInPlaceOfAnUuidThatIoctlTells() throws Exception {
        try (var mount = LoopMount.of(Kind.BTRFS, 8)) {
            Path file = Files.writeString(mount.directory().resolve("file"), "content");
            try (var fd = open(file)) {
                String stat = Command.run("stat", "-f", "-c", "%i", file).strip();
                assertThat(POSIX.identities().fileSystemNumber(fd)).isNotZero();
                // stat(1) prints the two halves of f_fsid in their order, the first one the upper.
                long number = POSIX.identities().fileSystemNumber(fd);
                assertThat(Long.toHexString(number << 32 | number >>> 32)).isEqualTo(stat);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "XFS", "BTRFS", "TMPFS"})
    void generationAndHandleAreThoseOfACProgram(Kind kind) throws Exception {
        var program = CCompiler.program(directory, "identity", """
                #include <fcntl.h>
                #include <linux/fs.h>
                #include <stdio.h>
                #include <sys/ioctl.h>
                int main(int argc, char **argv) {
                    int fd = open(argv[1], O_RDONLY), mount, generation = 0;
                    union { struct file_handle h; char room[sizeof(struct file_handle) + MAX_HANDLE_SZ]; } u;
                    u.h.handle_bytes = MAX_HANDLE_SZ;
                    if (argc != 2 || fd < 0 || name_to_handle_at(fd, "", &u.h, &mount, AT_EMPTY_PATH)) return perror(argv[1]), 1;
                    if (ioctl(fd, FS_IOC_GETVERSION, &generation)) printf("none");
                    else printf("%u", generation);
                    printf(" %d ", u.h.handle_type);
                    for (unsigned i = 0; i < u.h.handle_bytes; i++) printf("%02x", u.h.f_handle[i]);
                    return 0;
                }
                """);
        try (var mount = LoopMount.of(kind, 8)) {
            Path file = Files.writeString(mount.directory().resolve("file"), "content");
            try (var fd = open(file)) {
                var generation = POSIX.identities().generation(fd);
                var handle = POSIX.identities().handle(fd).orElseThrow();
                assertThat((generation.isPresent() ? generation.getAsLong() : "none") + " " + handle.type() + " "
                                + HexFormat.of().formatHex(handle.bytes()))
                        .isEqualTo(Command.run(program, file));
                assertThat(generation.isPresent()).isEqualTo(kind != Kind.TMPFS);
                assertThat(POSIX.identities().verityDigest(fd)).isEmpty();
            }
        }
    }

    @Test
    void theDigestOfAFileUnderFsverityIsTheKernels() throws Exception {
        var enable = CCompiler.program(directory, "enable-verity", """
                #include <fcntl.h>
                #include <linux/fsverity.h>
                #include <stdio.h>
                #include <sys/ioctl.h>
                int main(int argc, char **argv) {
                    struct fsverity_enable_arg arg = {.version = 1, .hash_algorithm = FS_VERITY_HASH_ALG_SHA256, .block_size = 4096};
                    int fd = open(argv[1], O_RDONLY);
                    printf("%s", fd < 0 || ioctl(fd, FS_IOC_ENABLE_VERITY, &arg) ? "no" : "yes");
                    return 0;
                }
                """);
        try (var mount = LoopMount.of(Kind.EXT4, 8, "-O", "verity")) {
            Path file = Files.writeString(mount.directory().resolve("file"), "");
            assumeTrue(Command.run(enable, file).equals("yes"), "this kernel has no fs-verity");
            try (var fd = open(file)) {
                // Documentation/filesystems/fsverity.rst: of an empty file with SHA-256, blocks of 4 KiB and no salt.
                assertThat(POSIX.identities().verityDigest(fd).orElseThrow().label())
                        .isEqualTo("sha256:3d248ca542a24fc62d1c43b916eae5016878e2533c88238480b26128a1f1af95");
            }
        }
    }
}
