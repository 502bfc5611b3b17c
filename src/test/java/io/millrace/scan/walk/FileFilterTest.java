// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.NaiveGlob;
import io.millrace.testkit.Amount;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class FileFilterTest {
    private static final String GIVEN = "/srv/data/";

    private static byte[] bytes(String text) {
        return BytePath.encode(text);
    }

    private static boolean admits(FileFilter filter, String below) {
        byte[] path = bytes(GIVEN + below);
        return filter.matcher().admitsFile(path, GIVEN.length(), nameIn(path));
    }

    private static boolean enters(FileFilter filter, String below) {
        byte[] path = bytes(GIVEN + below);
        return filter.matcher().admitsDirectory(path, GIVEN.length(), nameIn(path));
    }

    private static int nameIn(byte[] path) {
        int at = path.length;
        while (path[at - 1] != '/') {
            at--;
        }
        return at;
    }

    private static FileFilter including(String... patterns) {
        return new FileFilter(List.of(patterns), List.of());
    }

    private static FileFilter excluding(String... patterns) {
        return new FileFilter(List.of(), List.of(patterns));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "*.zst a.zst true",
                "*.zst deep/er/a.zst true",
                "*.zst .zst true",
                "*.zst a.zst.tmp false",
                "* .hidden true",
                "a?c abc true",
                "a?c ac false",
                "? é false",
                "?? é true",
                "[a-cx]1 b1 true",
                "[a-cx]1 x1 true",
                "[a-cx]1 d1 false",
                "[!a-c]1 d1 true",
                "[^a-c]1 b1 false",
                "[]x] ] true",
                "[!]x] ] false",
                "[a-] - true",
                "[-a] - true",
                "[[:digit:]_][[:upper:]] 7Q true",
                "[[:digit:]_][[:upper:]] _q false",
                "[\\]\\\\] \\ true",
                "\\*\\[ *[ true",
                "\\*\\[ a[ false",
                "logs/*.gz logs/a.gz true",
                "logs/*.gz logs/old/a.gz false",
                "logs/*.gz more/logs/a.gz false",
                "logs/**.gz logs/old/a.gz true",
                "logs/**/a.gz logs/a.gz true",
                "logs/**/a.gz logs/1/2/a.gz true",
                "logs/**/a.gz logs/1/2a.gz false",
                "**/a.gz a.gz true",
                "**/a.gz 1/2/a.gz true",
                "**/a.gz 1/ba.gz false",
                "**/**/a a true",
                "/a a true",
                "/a x/a false",
                "/*/a x/a true",
                "x/** x/y/z true",
                "x/** xy/z false",
                "a**b a/x/b false",
                "/a**b a/x/b true",
                "[!x]/a //a false",
                "é é true"
            })
    void matchesNamesAndPaths(String pattern, String path, boolean expected) {
        assertThat(admits(including(pattern), path)).isEqualTo(expected);
        assertThat(admits(excluding(pattern), path)).as("excluded").isEqualTo(!expected);
    }

    @Test
    void takesWhatIsIncludedAndNotExcluded() {
        var filter = new FileFilter(List.of("*.tar", "*.zst"), List.of("tmp-*", "/old/**"));
        assertThat(admits(filter, "a.tar")).isTrue();
        assertThat(admits(filter, "x/b.zst")).isTrue();
        assertThat(admits(filter, "c.gz")).isFalse();
        assertThat(admits(filter, "tmp-a.tar")).isFalse();
        assertThat(admits(filter, "old/a.tar")).isFalse();
        assertThat(admits(filter, "x/old/a.tar")).isTrue();
        assertThat(admits(FileFilter.ALL, "anything")).isTrue();
    }

    @Test
    void entersAllDirectoriesButExcludedOnes() {
        var filter = new FileFilter(List.of("*.zst"), List.of("cache", "/top", "build/"));
        assertThat(enters(filter, "any")).isTrue();
        assertThat(enters(filter, "deep/cache")).isFalse();
        assertThat(enters(filter, "top")).isFalse();
        assertThat(enters(filter, "deep/top")).isTrue();
        assertThat(enters(filter, "deep/build")).isFalse();
        assertThat(admits(excluding("build/"), "build"))
                .as("a file of that name")
                .isTrue();
    }

    @Test
    void comparesBytesThatAreNoText() {
        byte[] name = {'a', (byte) 0xFF, (byte) 0xC3, '('};
        String pattern = BytePath.decode(name);
        assertThat(new Glob(pattern).matches(name, 0)).isTrue();
        assertThat(new Glob("a??(").matches(name, 0)).isTrue();
        assertThat(new Glob("a[!x][!x](").matches(name, 0)).isTrue();
        assertThat(new Glob("a[!x](").matches(name, 0)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "//",
                "a[",
                "[",
                "[]",
                "[!]",
                "a[b-",
                "[z-a]",
                "a\\",
                "[a\\",
                "[a/b]",
                "[é]",
                "[[:nope:]]",
                "[[:alpha]",
                "[[.a.]]",
                "a\0b",
                "\uD800"
            })
    void refusesBadPatternsInOneLine(String pattern) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> including("*.good", pattern))
                .satisfies(e -> assertThat(e.getMessage()).isNotBlank().doesNotContain("\n", "\0"));
        assertThatIllegalArgumentException().isThrownBy(() -> excluding(pattern));
    }

    @Test
    void saysWhatIsWrongWithAPattern() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> including("a[b"))
                .withMessage("pattern 'a[b' has a bracket that is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> including("dir/"))
                .withMessage("pattern 'dir/' ends in a slash, so it matches no file; write dir/**");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> including("x".repeat(4097)))
                .withMessage("a pattern is longer than 4096 bytes");
        assertThatNoException().isThrownBy(() -> including("x".repeat(4096)));
    }

    /** With backtracking any of these takes longer than the universe has. */
    @ParameterizedTest
    @ValueSource(strings = {"*a", "**a", "*?", "**/a", "[a-z]*", "*a*/**/"})
    @Timeout(120)
    void takesItsTimeEvenlyOverHostilePatterns(String piece) {
        var glob = new Glob(piece.repeat(4_000 / piece.length()) + "b");
        byte[] flat = "a".repeat(4_000).getBytes(StandardCharsets.US_ASCII);
        byte[] deep = "a/".repeat(2_000).getBytes(StandardCharsets.US_ASCII);
        assertThat(glob.matches(flat, 0)).isFalse();
        assertThat(glob.matches(deep, 0)).isFalse();
    }

    @Test
    void agreesWithOneThatTriesEverything() {
        long seed = new Random().nextLong();
        var random = new Random(seed);
        int matched = 0;
        for (int i = 0; i < Amount.of(20_000, 100_000, 1_000_000); i++) {
            String pattern = pattern(random);
            byte[] text = bytes(random(random, 10, "a", "b", "c", "/", "*", "]", "\uDCFF"));
            boolean expected = NaiveGlob.matches(pattern, text);
            matched += expected ? 1 : 0;
            assertThat(new Glob(pattern).matches(text, 0))
                    .as("seed %d: '%s' on '%s'", seed, pattern, BytePath.display(text))
                    .isEqualTo(expected);
        }
        assertThat(matched).as("seed %d: not all alike", seed).isBetween(5_000, 195_000);
    }

    private static String pattern(Random random) {
        String text = random(
                random, 7, "a", "b", "/", "*", "*", "?", "**", "**/", "[ab]", "[!b]", "[]a-b]", "[^-a]", "\\*", "\\a");
        return text.isEmpty() ? "a" : text;
    }

    private static String random(Random random, int most, String... pieces) {
        var text = new StringBuilder();
        for (int left = random.nextInt(most); left > 0; left--) {
            text.append(pieces[random.nextInt(pieces.length)]);
        }
        return text.toString();
    }
}
