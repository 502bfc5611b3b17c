// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import io.millrace.testkit.LoopMount.Kind;
import io.millrace.testkit.LoopMount;
import io.millrace.testkit.PageProbe;
import io.millrace.testkit.Undisturbed;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sizes at the edges of pages, chunks and windows, and files with holes. */
class EdgesIT {
    private static final long CHUNK = Reading.CHUNK_BYTES;
    private static final long WINDOW = 32 << 20;
    private static final List<Long> SIZES = List.of(
            0L,
            1L,
            4095L,
            4096L,
            4097L,
            3 * 4096L + 5,
            CHUNK - 1,
            CHUNK,
            CHUNK + 1,
            WINDOW - 1,
            WINDOW,
            WINDOW + 1,
            WINDOW + CHUNK + 4097);

    @TempDir
    private Path directory;

    private PageProbe probe;
    private LoopMount mount;

    @BeforeEach
    void mount() throws Exception {
        probe = new PageProbe(directory);
        mount = LoopMount.of(Kind.EXT4, 300);
    }

    @AfterEach
    void unmount() throws IOException {
        if (mount != null) {
            mount.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void readsEverySizeWholeAndLeavesNothing(ReadStrategy strategy) throws Exception {
        for (long size : SIZES) {
            Path file = Stage.write(mount.directory().resolve("f" + size), size, new Random(size));
            var reading = Reading.of(Stage.POSIX, file, WindowIT.forced(strategy));
            BitSet after = probe.resident(file);
            String which = strategy + ", " + size + " bytes";
            assertThat(Command.run("sha256sum", file)).as(which).startsWith(reading.sha256());
            var effect = reading.effect();
            long read = effect.dontCacheBytes() + effect.dropBehindBytes() + effect.plainBytes();
            assertThat(read).as(which).isEqualTo(size);
            assertThat(effect.hotBeforeBytes()).as(which).isZero();
            if (strategy == ReadStrategy.PLAIN) {
                assertThat(effect.leftBytes()).as(which).isBetween(size / 2, size);
            } else {
                assertThat(after.cardinality()).as(which).isZero();
                assertThat(effect.leftBytes()).as(which).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "PLAIN", mode = EnumSource.Mode.EXCLUDE)
    void sparesHolesAndTheirPages(ReadStrategy strategy) throws Exception {
        Undisturbed.run(() -> {
            Path file = sparse(mount.directory().resolve("sparse"));
            var wanted = new BitSet();
            wanted.set(10, 30); // in the first hole
            wanted.set((int) (70L << 20 >> 12), (int) (70L << 20 >> 12) + 5); // in the second
            Stage.heat(file, wanted);
            BitSet hot = probe.resident(file);
            PageProbe.assertKept(wanted, hot);

            var reading = Reading.of(Stage.POSIX, file, WindowIT.forced(strategy));
            BitSet after = probe.resident(file);

            assertThat(Command.run("sha256sum", file)).startsWith(reading.sha256());
            PageProbe.assertKept(hot, after);
            assertThat(addedBytes(hot, after)).isZero();
            var effect = reading.effect();
            assertThat(effect.holeBytes()).isEqualTo(190L << 20);
            assertThat(effect.dontCacheBytes() + effect.dropBehindBytes() + effect.plainBytes())
                    .isEqualTo((10L << 20) + 5000);
        });
    }

    @Test
    void theDropPolicyLeavesNothing() throws Exception {
        Undisturbed.run(() -> {
            Path file = sparse(mount.directory().resolve("sparse"));
            var wanted = new BitSet();
            wanted.set(10, 30); // of the first hole
            wanted.set((int) (51L << 20 >> 12), (int) (53L << 20 >> 12)); // of the data
            Stage.heat(file, wanted);
            PageProbe.assertKept(wanted, probe.resident(file));
            var reading = Reading.of(Stage.POSIX, file, ReadPlan.Wish.of(CachePolicy.DROP));
            BitSet after = probe.resident(file);
            assertThat(after.cardinality()).isZero();
            assertThat(Command.run("sha256sum", file)).startsWith(reading.sha256());
        });
    }

    /** 200 MiB and a bit, of which 10 MiB in the middle and the last 5000 bytes are data. */
    private static Path sparse(Path file) throws IOException {
        byte[] content = new byte[10 << 20];
        new Random(2).nextBytes(content);
        try (var out = new RandomAccessFile(file.toFile(), "rw")) {
            out.seek(50L << 20);
            out.write(content);
            out.seek(200L << 20);
            out.write(content, 0, 5000);
            out.getFD().sync();
        }
        Stage.evict(file);
        return file;
    }
}
