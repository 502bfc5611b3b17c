// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The program still says what the page of troubleshooting explains. */
@Timeout(60)
class DocumentedMessagesTest {
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Path SOURCES = Path.of("src/main/java");

    /** Of kernel and Java: {@code words (NAME)}, as the errors of system calls end. */
    private static final Pattern ERRNO = Pattern.compile("[A-Z][a-z ]+ \\([A-Z]+\\)");

    /** What is too short to say anything. */
    private static final int MIN_LENGTH = 4;

    /** All string literals, those that are joined by a plus sign as one, and format specifiers as ellipses. */
    private static final Pattern COMMENT = Pattern.compile("(?s)/\\*\\*.*?\\*/|(?m)^ *//[^\n]*");

    private static String literals() throws IOException {
        var text = new StringBuilder();
        try (Stream<Path> files = Files.walk(SOURCES)) {
            for (Path file :
                    files.filter(name -> name.toString().endsWith(".java")).toList()) {
                text.append(Files.readString(file)).append('\n');
            }
        }
        return COMMENT.matcher(text)
                .replaceAll("")
                .replaceAll("\"\\s*\\+\\s*\"", "")
                .replaceAll("\\{}|%0?\\d*[sdo]", "…");
    }

    private static List<String> fragments(String message) {
        return Stream.of(ERRNO.matcher(message).replaceAll("").split("…"))
                .map(part -> part.replaceFirst("^[^\\p{Alnum}<-]+", "").strip())
                .filter(part -> part.length() >= MIN_LENGTH)
                .toList();
    }

    @Test
    void everyMessageIsInTheSources() throws Exception {
        String literals = literals();
        var missing = new ArrayList<String>();
        int messages = 0;
        for (List<String> row : Document.page("troubleshooting.md").rows()) {
            var code = CODE.matcher(row.get(0));
            while (row.size() == 3 && code.find()) {
                messages++;
                for (String part : fragments(code.group(1))) {
                    if (!literals.contains(part)) {
                        missing.add(code.group(1) + ": " + part);
                    }
                }
            }
        }
        assertThat(missing).isEmpty();
        assertThat(messages).isGreaterThan(80);
    }

    @Test
    void everyAlertHasAnAnswer() throws Exception {
        String rules = Files.readString(Path.of("config/alerts.yaml"));
        List<String> alerts = Pattern.compile("alert: (\\w+)")
                .matcher(rules)
                .results()
                .map(found -> found.group(1))
                .toList();
        String troubleshooting =
                String.join("\n", Document.page("troubleshooting.md").lines());
        String metrics = String.join("\n", Document.page("metrics.md").lines());
        assertThat(alerts)
                .isNotEmpty()
                .allSatisfy(alert -> assertThat(troubleshooting).contains("`" + alert + "`"));
        assertThat(alerts).allSatisfy(alert -> assertThat(metrics).contains("| `" + alert + "` |"));
    }
}
