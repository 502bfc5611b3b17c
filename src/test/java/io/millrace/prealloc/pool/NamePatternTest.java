// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.posix.libc.BytePath;
import io.millrace.testkit.Amount;
import java.nio.charset.StandardCharsets;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names with numbers, and numbers out of names. */
class NamePatternTest {
    private static final int ROUNDS = Amount.of(2_000, 20_000, 200_000);

    private static byte[] bytes(String name) {
        return BytePath.encode(name);
    }

    @ParameterizedTest
    @CsvSource({
        "segment-%016x, 255, segment-00000000000000ff",
        "wal.%d, 0, wal.0",
        "%d, 9223372036854775807, 9223372036854775807",
        "%x, 9223372036854775807, 7fffffffffffffff",
        "%03d.seg, 1234, 1234.seg",
        "%03d.seg, 7, 007.seg",
        "100%%-%01x%%, 10, 100%-a%",
        "%%d%d, 3, %d3",
        "caf\u00e9-%d-\u6c34, 12, caf\u00e9-12-\u6c34",
        "1%d1, 1, 111",
        "-%d, 5, -5",
    })
    void nameAndNumberAreInverse(String text, long number, String name) {
        var pattern = new NamePattern(text);
        assertThat(pattern.name(number)).isEqualTo(name);
        assertThat(pattern.number(bytes(name))).hasValue(number);
        assertThat(pattern).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ' ', textBlock = """
            a%d a
            a%d a-1
            a%d a+1
            a%d a01
            a%d a1b
            a%d b1
            a%d A1
            a%d a9223372036854775808
            a%d a99999999999999999999999
            a%x aF
            a%x a8000000000000000
            a%x a10000000000000000
            a%x a0x1
            a%04x a001
            a%04x a00001
            a%04x a
            a%d.b a1
            a%d.b a.b
            1%d1 11
            1%d1 1
            aa%daa aaa
            a%d a\u0661
            a%d a1\u00e9
            """)
    void aNameThatItWouldNotGiveHasNoNumber(String text, String name) {
        assertThat(new NamePattern(text).number(bytes(name))).isEmpty();
    }

    @Test
    void anyBytesMayStandAroundTheNumber() {
        var pattern = new NamePattern("\udcff%d\udcc3");
        assertThat(bytes(pattern.name(5))).containsExactly(0xFF, '5', 0xC3);
        assertThat(pattern.number(new byte[] {(byte) 0xFF, '5', (byte) 0xC3})).hasValue(5);
        assertThat(pattern.number("\u00ff5\u00c3".getBytes(StandardCharsets.UTF_8)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            segment         | there is no number in the name; write %d, or as in segment-%016x
            %%d             | there is no number in the name; write %d, or as in segment-%016x
            ''              | there is no number in the name; write %d, or as in segment-%016x
            %d-%x           | there is one number in a name, not two
            %d%             | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %s              | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %X              | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %5d             | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %0d             | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %00d            | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %-4d            | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            %n%d            | what follows a percent sign is d, x, 0Nd, 0Nx or another percent sign
            a/%d            | a name has no slash in it
            ../%d           | a name that begins with a dot would be hidden
            .%d             | a name that begins with a dot would be hidden
            %0256d          | the names would have up to 256 bytes, more than 255
            %0999x          | the names would have up to 999 bytes, more than 255
            """)
    void whatCannotBeANameIsRefused(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern(text))
                .withMessage(message);
    }

    @Test
    void theLongestNumberFits() {
        var most = new NamePattern("a".repeat(236) + "%d");
        assertThat(bytes(most.name(Long.MAX_VALUE))).hasSize(255);
        assertThat(bytes(new NamePattern("%0255d").name(1))).hasSize(255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern("a".repeat(237) + "%d"))
                .withMessage("the names would have up to 256 bytes, more than 255");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NamePattern("\u6c34".repeat(79) + "%d"))
                .withMessage("the names would have up to 256 bytes, more than 255");
        assertThatIllegalArgumentException().isThrownBy(() -> new NamePattern("a\0%d"));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE})
    void noNumberIsNegative(long number) {
        assertThatIllegalArgumentException().isThrownBy(() -> new NamePattern("%d").name(number));
    }

    @Test
    void everyNumberComesBackAndEveryNameThatHasOneIsTheOneGiven() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            var pattern = new NamePattern(text(random));
            String context = "seed " + seed + " round " + round + " " + pattern;
            long number = random.nextLong() >>> 1 + random.nextInt(63);
            byte[] name = bytes(pattern.name(number));
            assertThat(name.length).as(context).isBetween(1, 255);
            assertThat(pattern.number(name)).as(context).isEqualTo(OptionalLong.of(number));
            name[random.nextInt(name.length)] = (byte) "0123456789abcdefAF-. ".charAt(random.nextInt(21));
            var other = pattern.number(name);
            if (other.isPresent()) {
                assertThat(bytes(pattern.name(other.getAsLong()))).as(context).isEqualTo(name);
            }
        }
    }

    private static String text(Random random) {
        String width = random.nextBoolean() ? "" : "0" + (1 + random.nextInt(24));
        return around(random) + "%" + width + (random.nextBoolean() ? "d" : "x") + around(random);
    }

    private static String around(Random random) {
        String[] parts = {"a", "F", "0", "9", "-", "_", "%%", "\u00e9", "\udc80"};
        var text = new StringBuilder();
        for (int i = random.nextInt(4); i > 0; i--) {
            text.append(parts[random.nextInt(parts.length)]);
        }
        return text.toString();
    }
}
