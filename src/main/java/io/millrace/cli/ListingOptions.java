// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.TerminalCalls;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What {@code cache status}, {@code warm} and {@code evict} are told alike. */
final class ListingOptions {
    private static final int USUAL_COLUMNS = 80;
    /** The facts beside a bar, and room for a name. */
    private static final int FACTS_COLUMNS = 34;

    private static final int NAME_COLUMNS = 24;
    private static final int LEAST_CELLS = 8;
    private static final int MOST_CELLS = 128;

    @Option(names = "--json", description = "One JSON object a line; the last is the summary.")
    boolean json;

    @Option(
            names = "--bar",
            paramLabel = "auto|always|never",
            converter = EnumWords.Whens.class,
            completionCandidates = EnumWords.Whens.class,
            description =
                    "Draw each file as a bar: a cell is a part of it, the fuller the more of that is resident, and"
                            + " a dot (without UTF-8: _) a hole. auto: on a terminal.")
    private When bar = When.AUTO;

    @Parameters(
            arity = "1..*",
            paramLabel = "PATH",
            description = "Files, and directories with all that is below them.")
    List<BytePath> paths = List.of();

    /** Whether only the totals are printed, and no line for each file. */
    boolean summary;

    /** How many cells a bar has; 0 for none. */
    int cells(TerminalCalls terminals) {
        var out = OwnedFd.standardOutput();
        if (json || summary || bar == When.NEVER || (bar == When.AUTO && !terminals.isTerminal(out))) {
            return 0;
        }
        int columns = terminals.columns(out).orElse(USUAL_COLUMNS);
        return Math.max(LEAST_CELLS, Math.min(MOST_CELLS, columns - FACTS_COLUMNS - NAME_COLUMNS));
    }
}
