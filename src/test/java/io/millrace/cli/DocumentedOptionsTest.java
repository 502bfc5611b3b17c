// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Document;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine;

/** The page of the command line has every command and option, in the section of its command, and no other. */
@Timeout(60)
class DocumentedOptionsTest {
    private static final Pattern OPTION = Pattern.compile("(?<![\\w-])--?[a-zA-Z0][a-z-]*");
    private static final String COMMON = "Common options";

    private static Document page() throws Exception {
        return Document.page("command-line.md");
    }

    /** The lines below a heading of the second level, code blocks left out. */
    private static String section(String title) throws Exception {
        var lines = new ArrayList<String>();
        boolean isInside = false;
        for (String line : page().prose()) {
            if (line.startsWith("## ")) {
                isInside = line.equals("## " + title);
            } else if (isInside) {
                lines.add(line);
            }
        }
        assertThat(lines).as("section " + title).isNotEmpty();
        return String.join("\n", lines);
    }

    private static TreeSet<String> options(String text) {
        var found = new TreeSet<String>();
        Document.rows(text.lines().toList()).forEach(row -> {
            var option = OPTION.matcher(row.get(0));
            while (option.find()) {
                found.add(option.group());
            }
        });
        return found;
    }

    private static List<CommandLine> commands() {
        return new CommandLine(Main.allCommands())
                .getSubcommands().values().stream().distinct().toList();
    }

    /** The names of its own options and of those of the commands below it. */
    private static TreeSet<String> options(CommandLine command) {
        var names = new TreeSet<String>();
        for (OptionSpec option : command.getCommandSpec().options()) {
            names.addAll(List.of(option.names()));
        }
        command.getSubcommands().values().forEach(below -> names.addAll(options(below)));
        return names;
    }

    @Test
    void everyOptionIsInTheSectionOfItsCommandAndNoOther() throws Exception {
        TreeSet<String> common = options(section(COMMON));
        for (CommandLine command : commands()) {
            CommandSpec spec = command.getCommandSpec();
            if (spec.name().equals("help")) {
                continue;
            }
            TreeSet<String> real = options(command);
            String section = section(spec.qualifiedName());
            var documented = new TreeSet<>(options(section));
            var written = OPTION.matcher(section);
            var mentioned = new TreeSet<>(common);
            while (written.find()) {
                mentioned.add(written.group());
            }
            assertThat(mentioned).as(spec.qualifiedName()).containsAll(real);
            assertThat(real).as(spec.qualifiedName()).containsAll(documented);
        }
    }

    @Test
    void everyCommandIsNamed() throws Exception {
        String text = String.join("\n", page().lines());
        for (CommandLine command : commands()) {
            assertThat(text).contains("`" + command.getCommandSpec().qualifiedName());
            assertNamesAllBelow(command, text);
        }
    }

    private static void assertNamesAllBelow(CommandLine command, String text) {
        for (CommandLine below : command.getSubcommands().values()) {
            if (below.getSubcommands().isEmpty()) {
                String name = below.getCommandSpec().qualifiedName().replaceFirst("^millrace ", "");
                assertThat(text).contains("`" + name);
            }
            assertNamesAllBelow(below, text);
        }
    }

    @Test
    void everyExitCodeIsInItsTable() throws Exception {
        String codes = String.join(
                "\n",
                new CommandLine(Main.allCommands())
                        .getCommandSpec()
                        .usageMessage()
                        .exitCodeList()
                        .keySet());
        var documented = new TreeSet<String>();
        Document.rows(section("Exit codes").lines().toList())
                .forEach(row -> documented.addAll(List.of(row.get(0).split(", "))));
        assertThat(documented).containsExactlyInAnyOrder(codes.split(", |\n"));
    }
}
