// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Document;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Every relative link of a document leads to a file, and its anchor to a heading there. */
@Timeout(60)
class DocumentLinksTest {
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern ELSEWHERE = Pattern.compile("^[a-z]+:.*");

    @Test
    void everyLinkLeadsSomewhere() throws IOException {
        var broken = new ArrayList<String>();
        int links = 0;
        for (Document document : Document.all()) {
            // A link may be broken over two lines.
            Matcher link = LINK.matcher(withoutCode(String.join("\n", document.prose())));
            while (link.find()) {
                links++;
                String target = link.group(1);
                if (!ELSEWHERE.matcher(target).matches() && !leadsSomewhere(document, target)) {
                    broken.add(document + ": " + target);
                }
            }
        }
        assertThat(broken).isEmpty();
        assertThat(links).isGreaterThan(50);
    }

    private static String withoutCode(String text) {
        return text.replaceAll("`[^`\n]*`", "");
    }

    private static boolean leadsSomewhere(Document from, String target) throws IOException {
        String[] parts = target.split("#", 2);
        Path file = parts[0].isEmpty()
                ? from.file()
                : from.file().resolveSibling(parts[0]).normalize();
        return Files.exists(file)
                && (parts.length == 1 || Document.read(file).anchors().contains(parts[1]));
    }

    @Test
    void everyPageOfTheHandbookIsInItsIndex() throws IOException {
        String index = String.join("\n", Document.page("index.md").lines());
        List<String> pages = Document.forUsers().stream()
                .map(document -> document.file().getFileName().toString())
                .filter(name -> !name.equals("README.md") && !name.equals("index.md"))
                .toList();
        assertThat(pages).isNotEmpty().allSatisfy(page -> assertThat(index).contains("](" + page + ")"));
    }

    @Test
    void anchorsAreThoseOfGitHub() {
        var document =
                new Document(Path.of("x.md"), List.of("# A `b` (c), d", "```", "# no", "```", "## file", "## file"));
        assertThat(document.anchors()).containsExactly("a-b-c-d", "file", "file-1");
    }
}
