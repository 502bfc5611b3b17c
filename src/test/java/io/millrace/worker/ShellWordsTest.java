// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.millrace.testkit.Command;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellWordsTest {
    @Test
    void areParted() {
        assertThat(ShellWords.split("sha256sum")).containsExactly("sha256sum");
        assertThat(ShellWords.split("  a\tb\n c  ")).containsExactly("a", "b", "c");
        assertThat(ShellWords.split("")).isEmpty();
        assertThat(ShellWords.split(" \t\n\\\n ")).isEmpty();
        assertThat(ShellWords.split("a\u00A0b\r")).as("not blanks").containsExactly("a\u00A0b\r");
    }

    @Test
    void honourQuotesAndBackslashes() {
        assertThat(ShellWords.split("'a b' \"c d\" e\\ f")).containsExactly("a b", "c d", "e f");
        assertThat(ShellWords.split("'' \"\" a''b")).containsExactly("", "", "ab");
        assertThat(ShellWords.split("'\\' \"\\n\\$\\`\\\"\\\\\\\n\" \\n")).containsExactly("\\", "\\n$`\"\\", "n");
        assertThat(ShellWords.split("\"it's\" 'say \"x\"'")).containsExactly("it's", "say \"x\"");
        assertThat(ShellWords.split("a\\\nb 'c\\\nd'")).containsExactly("ab", "c\\\nd");
    }

    @Test
    void expandNothing() {
        assertThat(ShellWords.split("a|b ; $HOME *.c ~ #x `y` > z {1,2} !"))
                .containsExactly("a|b", ";", "$HOME", "*.c", "~", "#x", "`y`", ">", "z", "{1,2}", "!");
    }

    @Test
    void sayWhereAQuoteIsNotClosed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellWords.split("\uD83D\uDE00 a 'b c"))
                .withMessage("the quote ' at character 5 is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellWords.split("a \"b 'c' \\\" \\"))
                .withMessage("the quote \" at character 3 is not closed");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ShellWords.split("a b\\"))
                .withMessage("nothing follows the backslash at character 4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "bash"})
    void areThoseOfTheShell(String shell) throws Exception {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        var random = new Random(seed);
        for (int round = 0; round < 60; round++) {
            List<List<String>> expected = new ArrayList<>();
            var script = new StringBuilder();
            for (int line = 0; line < 40; line++) {
                String text = commandLine(random);
                script.append("printf '%s\\0' x ").append(text).append("\nprintf '\\0END\\0'\n");
                expected.add(ShellWords.split("x " + text));
            }
            String said = Command.run(shell, "-c", script);
            List<List<String>> got = new ArrayList<>();
            for (String part : said.split("\0\0END\0")) {
                got.add(List.of(part.split("\0", -1)));
            }
            assertThat(got).as("seed %d: %s", seed, script).isEqualTo(expected);
        }
    }

    /** Any text that a shell would expand nothing in. */
    private static String commandLine(Random random) {
        var text = new StringBuilder();
        int parts = random.nextInt(12);
        for (int i = 0; i < parts; i++) {
            switch (random.nextInt(6)) {
                case 0 -> text.append(some(random, " \t", 3));
                case 1 ->
                    text.append('\'')
                            .append(some(random, "ab \t\n\\\"$`|;*#é", 6))
                            .append('\'');
                case 2 -> text.append('"').append(doubleQuoted(random)).append('"');
                case 3 -> text.append('\\').append(some(random, "ab \t\n\\\"'$`|;&<>()*?[#~", 1));
                default -> text.append(some(random, "abc-./:%@é+,", 4));
            }
        }
        return text.toString();
    }

    private static String doubleQuoted(Random random) {
        var text = new StringBuilder();
        int parts = random.nextInt(5);
        for (int i = 0; i < parts; i++) {
            text.append(
                    random.nextBoolean() ? some(random, "ab \t\n'|;*#é", 3) : "\\" + some(random, "$`\"\\\nab' *", 1));
        }
        return text.toString();
    }

    private static String some(Random random, String letters, int most) {
        var text = new StringBuilder();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            text.append(letters.charAt(random.nextInt(letters.length())));
        }
        return text.toString();
    }
}
