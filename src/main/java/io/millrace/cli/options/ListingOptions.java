// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.output.ShowMode;
import io.millrace.posix.TerminalCalls;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import java.util.List;
import picocli.CommandLine.ParameterException;

/** The options common to {@code cache status}, {@code warm} and {@code evict}. */
public final class ListingOptions {
    private static final int USUAL_COLUMNS = 80;
    /** The columns beside a bar, and space for a name. */
    private static final int FACTS_COLUMNS = 34;

    private static final int NAME_COLUMNS = 24;
    private static final int MIN_CELLS = 8;
    private static final int MAX_CELLS = 128;

    private final Argument<Boolean> json = Argument.json();

    private final Argument<ShowMode> bar = Argument.option(
                    "--bar",
                    "auto|always|never",
                    new EnumParser.Whens(),
                    "Draw each file as a bar: a cell is a part of it, the fuller the more of that is resident, and"
                            + " a dot (without UTF-8: _) a hole. auto: on a terminal.")
            .or(ShowMode.AUTO);

    private final Argument<List<BytePath>> paths =
            Argument.parameters("1..*", "PATH", BytePath.class, "Files, and directories with all that is below them.");

    /** Whether only the totals are printed, without a line for each file. */
    private boolean onlySummary;

    public Argument<?>[] arguments() {
        return new Argument<?>[] {json, bar, paths};
    }

    /** Omits the line for each file. Throws a {@link ParameterException} if bars were requested. */
    public void setOnlySummary() {
        if (bar.isGiven()) {
            throw bar.refused("--bar draws each file, which --summary leaves out; give one of them");
        }
        onlySummary = true;
    }

    public boolean onlySummary() {
        return onlySummary;
    }

    public boolean json() {
        return json.get();
    }

    public List<BytePath> paths() {
        return paths.get();
    }

    /** Returns the length of a bar in cells; 0 for none. */
    public int cells(TerminalCalls terminals) {
        var out = OwnedFd.standardOutput();
        if (json.get()
                || onlySummary
                || bar.get() == ShowMode.NEVER
                || (bar.get() == ShowMode.AUTO && !terminals.isTerminal(out))) {
            return 0;
        }
        int columns = terminals.columns(out).orElse(USUAL_COLUMNS);
        return Math.max(MIN_CELLS, Math.min(MAX_CELLS, columns - FACTS_COLUMNS - NAME_COLUMNS));
    }
}
