// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What was loaded is found again, under whatever spelling of the name. */
class ManifestIndexTest {
    private static final int FILES = 120_000;

    private final ManifestIndex index = new ManifestIndex(new NormalPath(BytePath.of("/srv/x")));

    private static ManifestLine line(String name, int value) {
        return line(
                name,
                DigestAlgorithm.CRC32C,
                ByteBuffer.allocate(4).putInt(value).array());
    }

    private static ManifestLine line(String name, DigestAlgorithm algorithm, byte[] value) {
        return new ManifestLine(name.getBytes(StandardCharsets.UTF_8), ManifestLine.NO_SIZE, Map.of(algorithm, value));
    }

    @ParameterizedTest
    @CsvSource({"a,./a", "a,/srv/x/a", "a,/srv//x/./a/", "../y,/srv/x/../y", "/a,//a"})
    void oneFileUnderSeveralNames(String one, String other) {
        assertThat(index.add(0, 1, line(one, 7))).isEmpty();
        assertThat(index.add(1, 5, line(other, 8))).hasSize(1);
        assertThat(index.find(BytePath.of(one))).hasSize(2);
        assertThat(index.find(BytePath.of(other))).extracting(Expectation::line).containsExactly(1, 5);
        assertThat(index.files()).isOne();
    }

    @Test
    void saysNothingTwice() {
        var unused = index.add(0, 1, line("a", 7));
        unused = index.add(0, 2, line("a", 7));
        unused = index.add(0, 3, line("a", DigestAlgorithm.MD5, new byte[16]));
        assertThat(index.find(BytePath.of("a"))).extracting(Expectation::line).containsExactly(1, 3);
        assertThat(index.algorithms()).containsExactlyInAnyOrder(DigestAlgorithm.CRC32C, DigestAlgorithm.MD5);
    }

    @Test
    void findsEachOfMany() {
        for (int i = 0; i < FILES; i++) {
            assertThat(index.add(0, i + 1, line("directory/" + i, i))).isEmpty();
        }
        for (int i = 0; i < FILES; i++) {
            var found = index.find(BytePath.of("directory/" + i));
            assertThat(found).hasSize(1);
            assertThat(ByteBuffer.wrap(found.get(0).digests().get(DigestAlgorithm.CRC32C))
                            .getInt())
                    .isEqualTo(i);
        }
        assertThat(index.find(BytePath.of("directory/" + FILES))).isEmpty();
        var names = index.names();
        for (int i = 0; i < FILES; i++) {
            assertThat(names.next()).isEqualTo(BytePath.of("directory/" + i));
        }
        assertThat(names.hasNext()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"/a/b,/a,true", "/a,/a,true", "/ab,/a,false", "/,/a,false", "/a,/,true"})
    void knowsWhatLiesBelow(String path, String tree, boolean within) {
        var normal = new NormalPath(BytePath.of("/"));
        byte[] below = normal.of(BytePath.of(path).toBytes());
        assertThat(NormalPath.isWithin(below, normal.of(BytePath.of(tree).toBytes())))
                .isEqualTo(within);
    }
}
