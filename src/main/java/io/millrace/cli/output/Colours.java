// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.posix.libc.OwnedFd;
import java.util.regex.Pattern;

/**
 * Marks problems in red on a terminal that supports it, unless NO_COLOR is set and not empty (no-color.org). The text
 * has the same meaning without colour.
 */
public enum Colours {
    ON,
    OFF;

    /** Matches a cell of a table, or the line of a problem. */
    private static final Pattern WRONG =
            Pattern.compile("(?<=  |, |\\()(starved|failed|quarantined|stalled)(?=  |,|\\)|$)"
                    + "|(?<= is | has )(starved|failed|quarantined|failing|stalled)(?=: )");

    public static Colours of(Invocation invocation) {
        String wish = System.getenv("NO_COLOR");
        boolean wanted = wish == null || wish.isEmpty();
        return wanted && invocation.canRedraw(OwnedFd.standardOutput()) ? ON : OFF;
    }

    /** Must be called last; the added escape sequences take no cell of the terminal. */
    public String paint(String line) {
        return this == OFF ? line : WRONG.matcher(line).replaceAll("\033[31m$0\033[0m");
    }
}
