// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.OldKernel;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel of Debian 12 has neither cachestat nor RWF_DONTCACHE. */
class OldKernelIT {
    private static final int FILE_BYTES = 40 << 20;

    @TempDir
    private Path directory;

    @Test
    void isServedByMincoreAndDropBehind() throws Exception {
        Undisturbed.run(() -> {
            var probe = new PageProbe(directory);
            String oldKernel = OldKernel.compile(directory);
            try (var mount = LoopMount.of(Kind.EXT4, 80, "-b", "4096")) {
                byte[] content = new byte[FILE_BYTES];
                new Random(1).nextBytes(content);
                Path file = Files.write(mount.directory().resolve("file"), content);
                String unused = Command.run("sync", "-f", file);
                unused = Command.run("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
                try (var in = new RandomAccessFile(file.toFile(), "r")) {
                    in.seek(FILE_BYTES / 2);
                    in.readFully(new byte[FILE_BYTES / 4]);
                }
                BitSet hot = probe.settled(file);
                var scan = old(oldKernel, "scan", "--digest", "sha256", "--json", file);
                BitSet after = probe.resident(file);
                assertThat(scan.exitCode()).as(scan.toString()).isZero();
                assertThat(scan.out())
                        .contains(Command.run("sha256sum", file).substring(0, 64))
                        .contains("\"dontcache\":0", "\"residency_unknown_bytes\":0")
                        .doesNotContain("\"hot_before_bytes\":0");
                PageProbe.assertKept(hot, after);
                assertThat(addedBytes(hot, after)).isZero();

                var place = old(oldKernel, "probe", file);
                assertThat(place.exitCode()).as(place.toString()).isZero();
                assertThat(place.out())
                        .contains("RWF_DONTCACHE     no\n", "cachestat         no, mincore instead\n")
                        .contains("residency         known\n", "a scan reads by   drop-behind: ");
            }
        });
    }

    private static ChildJvm.Result old(String kernel, Object... arguments) throws Exception {
        return ChildJvm.of(Main.class, arguments).under(kernel).run();
    }
}
