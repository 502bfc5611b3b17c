// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.posix.digest.DigestLibraries;
import io.millrace.posix.digest.DigestLibrary;
import io.millrace.posix.libc.NativeBuffer;
import java.util.EnumSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every digest by this machine's libraries and without them. */
class DigestAlgorithmTest {
    private static final int BUFFER_BYTES = 100_000;
    private static final DigestLibraries NONE = DigestLibraries.of(
            DigestLibrary.missing("libcrypto.so.3", "no such file"),
            DigestLibrary.missing("libxxhash.so.0", "no such file"));

    @ParameterizedTest
    @EnumSource(names = "BLAKE2B_512", mode = EnumSource.Mode.EXCLUDE)
    void isTheSameWithoutItsLibrary(DigestAlgorithm algorithm) {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        try (var with = algorithm.start();
                var without = algorithm.start(NONE);
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            for (int round = 0; round < 20; round++) {
                byte[] content = new byte[BUFFER_BYTES];
                random.nextBytes(content);
                var unused = buffer.first(BUFFER_BYTES).put(content);
                int pieces = random.nextInt(4);
                for (int i = 0; i < pieces; i++) {
                    int offset = random.nextInt(BUFFER_BYTES);
                    int length = random.nextInt(BUFFER_BYTES - offset);
                    with.update(buffer, offset, length);
                    without.update(buffer, offset, length);
                }
                byte[] value = with.finish();
                assertThat(value).as("seed %d, round %d", seed, round).isEqualTo(without.finish());
                assertThat(value).hasSize(algorithm.lengthBytes());
                int length = random.nextInt(BUFFER_BYTES);
                assertThat(with.of(buffer, 0, length)).isEqualTo(without.of(buffer, 0, length));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void startsAnewAfterItsValueWasTaken(DigestAlgorithm algorithm) {
        assumeTrue(algorithm.whyMissing().isEmpty(), algorithm.whyMissing().orElse(""));
        try (var digest = algorithm.start();
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            byte[] empty = digest.finish();
            digest.update(buffer, 0, BUFFER_BYTES);
            assertThat(digest.finish()).isNotEqualTo(empty);
            assertThat(digest.finish()).isEqualTo(empty);
        }
    }

    @Test
    void saysWhatComputesIt() {
        assertThat(DigestAlgorithm.SHA256.implementation(NONE)).isEqualTo("java");
        assertThat(DigestAlgorithm.CRC32C.implementation(NONE)).isEqualTo("java");
        assertThat(DigestAlgorithm.XXH3.implementation(NONE)).isEqualTo("hash4j");
        assertThat(DigestAlgorithm.BLAKE2B_512.implementation(NONE)).isEqualTo("none");
    }

    @Test
    void onlyBlake2bNeedsItsLibrary() {
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            assertThat(algorithm.whyMissing(NONE).isPresent())
                    .as(algorithm.label())
                    .isEqualTo(algorithm == DigestAlgorithm.BLAKE2B_512);
        }
        assertThat(DigestAlgorithm.BLAKE2B_512.whyMissing(NONE))
                .contains("blake2b-512 needs OpenSSL's libcrypto: no such file");
        DigestAlgorithm.checkAvailable(Set.of(), NONE);
        assertThatThrownBy(() -> DigestAlgorithm.checkAvailable(EnumSet.allOf(DigestAlgorithm.class), NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("blake2b-512 needs");
    }
}
