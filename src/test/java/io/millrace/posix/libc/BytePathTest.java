// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BytePathTest {
    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void survivesTheWayThroughText() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 20_000; round++) {
            byte[] name = name(random);
            String text = BytePath.decode(name);
            assertThat(BytePath.of(text).toBytes())
                    .as("seed %d round %d", seed, round)
                    .isEqualTo(name);
        }
    }

    /** Random bytes, with whole and broken UTF-8 sequences more often than chance has them. */
    private static byte[] name(Random random) {
        byte[] name = new byte[1 + random.nextInt(40)];
        random.nextBytes(name);
        for (int i = 0; i < name.length; i++) {
            if (random.nextInt(4) == 0) {
                byte[] point = Character.toString(random.nextInt(0xD800)).getBytes(StandardCharsets.UTF_8);
                byte[] high =
                        Character.toString(0x10000 + random.nextInt(0xFFFFF)).getBytes(StandardCharsets.UTF_8);
                byte[] part = random.nextBoolean() ? point : high;
                System.arraycopy(part, 0, name, i, Math.min(part.length, name.length - i));
            }
        }
        for (int i = 0; i < name.length; i++) {
            name[i] = name[i] == 0 ? (byte) 0xED : name[i];
        }
        return name;
    }

    @Test
    void turnsBytesThatAreNoUtf8IntoLoneSurrogatesAndBack() {
        byte[] mixed = bytes('a', 0xFF, 0xC3, 0xA4, 0xED, 0xB2, 0x80, 0xF0, 0x9F, 0x98, 0x80, 0xC3);
        assertThat(BytePath.decode(mixed)).isEqualTo("a\uDCFFä\uDCED\uDCB2\uDC80😀\uDCC3");
        assertThat(BytePath.of("a\uDCFFä\uDCED\uDCB2\uDC80😀\uDCC3").toBytes()).isEqualTo(mixed);
    }

    @Test
    void refusesTextThatStandsForNoBytes() {
        for (String text : new String[] {"a\uD800", "\uD83Da", "\uDC7F", "\uDD00"}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> BytePath.of(text))
                    .withMessageMatching("U\\+D[0-9A-F]{3} stands for no byte of a path");
        }
    }

    @Test
    void refusesWhatNoFileCanBeCalled() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BytePath.of(""))
                .withMessage("an empty path names no file");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BytePath.of("a\0b"))
                .withMessage("a path cannot contain a NUL byte");
    }

    @Test
    void keepsItsBytesToItself() {
        byte[] given = bytes('a', 'b');
        var path = BytePath.of(given);
        given[0] = 'x';
        path.toBytes()[1] = 'x';
        assertThat(path).hasToString("ab").isEqualTo(BytePath.of("ab")).hasSameHashCodeAs(BytePath.of("ab"));
        assertThat(path.nulTerminated()).isEqualTo(bytes('a', 'b', 0));
    }

    @Test
    void isShownOnOneLineWithoutTricks() {
        assertThat(BytePath.of("plain ä 😀").display()).isEqualTo("plain ä 😀");
        assertThat(BytePath.of("a\\b").display()).isEqualTo("a\\\\b");
        assertThat(BytePath.of("a\n\t\u001B[31m\u007F").display()).isEqualTo("a\\012\\011\\033[31m\\177");
        assertThat(BytePath.of(bytes('a', 0xFF, 0x80)).display()).isEqualTo("a\\377\\200");
        assertThat(BytePath.of("a\u0085").display()).as("a C1 control").isEqualTo("a\\302\\205");
        assertThat(BytePath.of("gpj.\u202Eexe").display()).as("right to left").isEqualTo("gpj.\\342\\200\\256exe");
        assertThat(BytePath.of("a\u2028b\u2029").display()).isEqualTo("a\\342\\200\\250b\\342\\200\\251");
    }

    @Test
    void neverShowsAControlCharacterOrTwoNamesAlike() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            byte[] name = name(random);
            byte[] other = name.clone();
            int at = random.nextInt(name.length);
            other[at] = (byte) (1 + random.nextInt(255));
            String shown = BytePath.of(name).display();
            assertThat(shown.codePoints()).as("seed " + seed).noneMatch(Character::isISOControl);
            if (other[at] != name[at]) {
                assertThat(BytePath.of(other).display()).as("seed " + seed).isNotEqualTo(shown);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "a, ., a",
        "a/, ., a",
        "a//, ., a",
        "/, /, /",
        "//, /, /",
        "///, /, /",
        "/a, /, a",
        "/a/, /, a",
        "//a, /, a",
        "a/b, a, b",
        "a//b, a, b",
        "a/b//, a, b",
        "/a/b, /a, b",
        "/a//b/, /a, b",
        "., ., .",
        ".., ., ..",
        "a/.., a, .."
    })
    void hasAParentAndAName(String path, String parent, String name) {
        assertThat(BytePath.of(path).parent()).hasToString(parent);
        assertThat(BytePath.of(path).fileName()).hasToString(name);
    }

    @Test
    void isJoinedByOneSlash() {
        assertThat(BytePath.of("/").resolve(bytes('a'))).hasToString("/a");
        assertThat(BytePath.of("a").resolve(bytes('b'))).hasToString("a/b");
        assertThat(BytePath.of("a/").resolve(bytes(0xFF))).hasToString("a/\\377");
    }

    @Test
    void knowsWhatItIs() {
        var latin1 = BytePath.of(bytes('/', 0xE4));
        assertThat(latin1.isUtf8()).isFalse();
        assertThat(latin1.toUtf8()).isEqualTo("/\uFFFD");
        assertThat(BytePath.of("ä").isUtf8()).isTrue();
        assertThat(BytePath.of("ä").toUtf8()).isEqualTo("ä");
    }
}
