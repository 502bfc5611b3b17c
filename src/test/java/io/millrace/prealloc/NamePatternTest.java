// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamePatternTest {
    private static byte[] bytes(String name) {
        return name.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void makesNamesOfNumbers() {
        assertThat(new NamePattern("segment-%016x").name(255)).isEqualTo("segment-00000000000000ff");
        assertThat(new NamePattern("wal.%d").name(7)).isEqualTo("wal.7");
        assertThat(new NamePattern("100%%-%03d.säge").name(1234)).isEqualTo("100%-1234.säge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"segment-%016x", "%d", "%x", "a%03db", "9%d9", "%%%08x%%"})
    void findsTheNumberInItsOwnNames(String text) {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var pattern = new NamePattern(text);
        for (int i = 0; i < 1000; i++) {
            long number = random.nextLong() >>> 1 + random.nextInt(63);
            assertThat(pattern.number(bytes(pattern.name(number))))
                    .as("seed %d", seed)
                    .hasValue(number);
        }
        assertThat(pattern.number(bytes(pattern.name(Long.MAX_VALUE)))).hasValue(Long.MAX_VALUE);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "ab",
                "a1b2",
                "a01b",
                "a0001b",
                "a00b",
                "a-01b",
                "a+01b",
                "a 01b",
                "a00xb",
                "a001b ",
                "A001b",
                "a9223372036854775808b",
                "a99999999999999999999999b"
            })
    void findsNoneInOthers(String name) {
        assertThat(new NamePattern("a%03db").number(bytes(name))).isEmpty();
    }

    @Test
    void hexadecimalDigitsAreSmall() {
        assertThat(new NamePattern("%x").number(bytes("ff"))).hasValue(255);
        assertThat(new NamePattern("%x").number(bytes("FF"))).isEmpty();
        assertThat(new NamePattern("%x").number(new byte[] {(byte) 0xFF})).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "segment", "%s", "%5d", "%d%d", "%", "a/%d", "%-3d", "%X", ".millrace-%d", "%0d", "\0%d"})
    void refusesWhatGivesNoNames(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> new NamePattern(text));
    }

    @Test
    void refusesNamesThatGetTooLong() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern("x".repeat(240) + "%d"))
                .withMessageContaining("more than 255 bytes");
        assertThat(new NamePattern("x".repeat(236) + "%d").name(Long.MAX_VALUE)).hasSize(255);
    }
}
