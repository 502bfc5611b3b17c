// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A user who may only read a file: mincore calls all of it hot to him, and Millrace says that it does not know. */
class UnknownResidencyIT {
    static final int FILE_BYTES = 24 << 20;
    private static final int PAGES = FILE_BYTES / PageProbe.PAGE_BYTES;
    private static final long MAX_LEFT_BYTES = 1 << 20;

    @TempDir
    private Path directory;

    /** A file of root's, in reach of everybody, of which the second half is hot. */
    static Path halfHot(LoopMount mount) throws Exception {
        Files.setPosixFilePermissions(mount.directory().getParent(), PosixFilePermissions.fromString("rwxr-xr-x"));
        byte[] content = new byte[FILE_BYTES];
        new Random(1).nextBytes(content);
        Path file = Files.write(mount.directory().resolve("roots"), content);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        String unused = Command.run("sync", "-f", file);
        unused = Command.run("dd", "of=" + file, "oflag=nocache", "conv=notrunc,fdatasync", "count=0");
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(FILE_BYTES / 2);
            in.readFully(new byte[FILE_BYTES / 2]);
        }
        return file;
    }

    private static ChildJvm.Result nobody(Object... arguments) throws IOException, InterruptedException {
        return ChildJvm.of(Main.class, arguments).asNobody().run();
    }

    @ParameterizedTest
    @EnumSource(names = {"EXT4", "BTRFS", "OVERLAY"})
    void isSaidToBeUnknown(Kind kind) throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(kind, 64)) {
                Path file = halfHot(mount);
                var status = nobody("cache", "status", "--json", file);
                assertThat(status.exitCode()).as(status.toString()).isZero();
                assertThat(status.out())
                        .contains("\"bytes\":" + FILE_BYTES + ",\"resident_bytes\":null")
                        .contains("\"unknown\":1");
                assertThat(status.err()).contains("unknown for 1 file, 24.0 MiB");
                var drawn = nobody("cache", "status", "--bar", "always", file);
                assertThat(drawn.out()).contains(" unknown ").contains("? %").doesNotContain("100 %");
                var place = nobody("probe", file);
                assertThat(place.exitCode()).as(place.toString()).isZero();
                assertThat(place.out())
                        .contains("unknown: you neither own this file nor may write it")
                        .contains("native fallocate  unknown: ")
                        .containsPattern("EACCES|EPERM");
                assertThat(nobody("probe", "--json", file).out())
                        .contains("\"residency_known\":false")
                        .contains("\"native_fallocate\":null");
                var warm = nobody("cache", "warm", file);
                assertThat(warm.exitCode()).as(warm.toString()).isZero();
                PageProbe.assertKept(PageProbe.all(PAGES), probe(file));
            }
        });
    }

    private BitSet probe(Path file) throws IOException, InterruptedException {
        return new PageProbe(directory).resident(file);
    }

    @Test
    void dontcacheIsNeutralAllTheSame() throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(Kind.EXT4, 64)) {
                Path file = halfHot(mount);
                BitSet hot = probe(file);
                var scan = nobody("scan", "--digest", "sha256", "--json", file);
                BitSet after = probe(file);
                assertThat(scan.exitCode()).as(scan.toString()).isZero();
                assertThat(scan.out())
                        .contains("\"residency_unknown_bytes\":" + FILE_BYTES)
                        .contains("\"hot_before_bytes\":0", "\"drop-behind\":0");
                assertThat(scan.err()).contains("unknown for 24.0 MiB");
                PageProbe.assertKept(hot, after);
                assertThat(addedBytes(hot, after)).isLessThanOrEqualTo(MAX_LEFT_BYTES);
            }
        });
    }

    /** Into a pipe, where cat would rather splice. */
    @Test
    void catLeavesHotPagesOfOthersWhereItCan() throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(Kind.EXT4, 64)) {
                Path file = halfHot(mount);
                BitSet hot = probe(file);
                var cat = catIntoPipe(file);
                BitSet after = probe(file);
                assertThat(cat.exitCode()).as(cat.toString()).isZero();
                assertThat(cat.out().strip()).isEqualTo(String.valueOf(FILE_BYTES));
                assertThat(cat.err()).contains("sent 1 file, 24.0 MiB", "unknown for 24.0 MiB");
                PageProbe.assertKept(hot, after);
                assertThat(addedBytes(hot, after)).isLessThanOrEqualTo(MAX_LEFT_BYTES);
            }
        });
    }

    @Test
    void catWithoutDontcacheKeepsWhereTold() throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(Kind.BTRFS, 64)) {
                Path file = halfHot(mount);
                var kept = catIntoPipe("--fallback", "keep", file);
                assertThat(kept.exitCode()).as(kept.toString()).isZero();
                PageProbe.assertKept(PageProbe.all(PAGES), probe(file));
                var dropped = catIntoPipe(file);
                assertThat(dropped.exitCode()).as(dropped.toString()).isZero();
                assertThat(probe(file).cardinality()).isZero();
            }
        });
    }

    private static ChildJvm.Result catIntoPipe(Object... arguments) throws IOException, InterruptedException {
        var all = new ArrayList<Object>(List.of("cat"));
        all.addAll(List.of(arguments));
        return ChildJvm.of(Main.class, all.toArray())
                .under("bash", "-o", "pipefail", "-c", "\"$@\" | wc -c", "bash")
                .asNobody()
                .run();
    }

    @ParameterizedTest
    @ValueSource(strings = {"keep", "drop"})
    void isNotClaimedWhereNobodyAsked(String policy) throws Exception {
        Path file = Files.write(directory.resolve("file"), new byte[FILE_BYTES]);
        var scan = ChildJvm.of(Main.class, "scan", "--cache", policy, "--json", file)
                .run();
        assertThat(scan.exitCode()).as(scan.toString()).isZero();
        assertThat(scan.out())
                .contains("\"hot_before_bytes\":null,\"hot_after_bytes\":null,\"left_bytes\":null")
                .contains("\"residency_unknown_bytes\":0");
    }

    @ParameterizedTest
    @CsvSource({"BTRFS,drop,drop-behind,0", "BTRFS,keep,plain," + PAGES, "OVERLAY,drop,drop-behind,0"})
    void withoutDontcacheTheFallbackIsWhatItSays(Kind kind, String fallback, String strategy, int pagesAfter)
            throws Exception {
        Undisturbed.run(() -> {
            try (var mount = LoopMount.of(kind, 64)) {
                Path file = halfHot(mount);
                var scan = nobody("scan", "--fallback", fallback, "--json", file);
                assertThat(scan.exitCode()).as(scan.toString()).isZero();
                assertThat(scan.out())
                        .contains("\"" + strategy + "\":" + FILE_BYTES)
                        .contains("\"residency_unknown_bytes\":" + FILE_BYTES);
                BitSet after = probe(file);
                PageProbe.assertKept(PageProbe.all(pagesAfter), after);
                assertThat(after.cardinality()).isLessThanOrEqualTo(pagesAfter);
            }
        });
    }
}
