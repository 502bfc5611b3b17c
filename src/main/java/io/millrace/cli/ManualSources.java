// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.output.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine;
import picocli.codegen.docgen.manpage.ManPageGenerator;

/**
 * Writes the sources of the manual pages. Picocli's generator creates them from the model of the commands; this class
 * adds what man-pages(7) requires: EXIT STATUS, EXAMPLES, SEE ALSO, and a NAME line without a final period, as
 * apropos(1) shows it. Part of the build; the program does not call it.
 */
public final class ManualSources {
    private static final List<String> CONFIGURED = List.of("millrace", "serve", "check-config", "ctl");

    private ManualSources() {}

    /** @param args the directory of the sources */
    public static void main(String[] args) throws IOException {
        var line = new CommandLine(Main.allCommands());
        Path directory = Path.of(args[0]);
        int exitCode =
                ManPageGenerator.generateManPage(directory.toFile(), null, new boolean[0], true, line.getCommandSpec());
        if (exitCode != ExitCode.DONE) {
            throw new IOException("the generator ended with " + exitCode);
        }
        complete(line, directory);
    }

    private static void complete(CommandLine line, Path directory) throws IOException {
        CommandSpec spec = line.getCommandSpec();
        Path page = directory.resolve(spec.qualifiedName("-") + ".adoc");
        Files.writeString(page, completed(Files.readString(page), spec));
        for (CommandLine below : line.getSubcommands().values()) {
            complete(below, directory);
        }
    }

    static String completed(String page, CommandSpec spec) {
        String named = Pattern.compile("(== Name\\n\\n.*)\\.\\n").matcher(page).replaceFirst("$1\n");
        String options = named.replaceAll("(?m)^(\\*-\\w\\*), ::$", "$1::"); // an option without a long name
        String ended = replaced(options, "exit-status", exitStatus(spec.root()));
        return replaced(ended, "footer", examples(spec) + seeAlso(spec));
    }

    private static String replaced(String page, String section, String text) {
        String tag = "picocli-generated-man-section-" + section + "\\[\\]\\n";
        return Pattern.compile("(// tag::" + tag + ").*?(// end::" + tag + ")", Pattern.DOTALL)
                .matcher(page)
                .replaceFirst("$1" + Matcher.quoteReplacement(text) + "$2");
    }

    /** Every page ends with the exit codes of the root command. */
    private static String exitStatus(CommandSpec root) {
        return root.usageMessage().exitCodeList().entrySet().stream()
                .map(code -> "*" + code.getKey() + "*::\n  " + code.getValue() + "\n\n")
                .collect(Collectors.joining("", "== Exit Status\n\n", ""));
    }

    private static String examples(CommandSpec spec) {
        List<String> lines = new ArrayList<>();
        for (String line : spec.usageMessage().footer()) {
            if (line.startsWith("  ")) {
                lines.add(String.format(line).substring(2));
            }
        }
        return lines.isEmpty() ? "" : "== Examples\n\n----\n" + String.join("\n", lines) + "\n----\n\n";
    }

    private static String seeAlso(CommandSpec spec) {
        List<String> pages = new ArrayList<>();
        if (spec.parent() != null) {
            pages.add(page(spec.parent()));
        }
        for (Map.Entry<String, CommandLine> below : spec.subcommands().entrySet()) {
            pages.add(page(below.getValue().getCommandSpec()));
        }
        if (CONFIGURED.contains(spec.name())) {
            pages.add("*millrace.yaml*(5)");
        }
        return "== See Also\n\n" + String.join(", ", pages) + "\n\n";
    }

    private static String page(CommandSpec spec) {
        return "*" + spec.qualifiedName("-") + "*(1)";
    }
}
