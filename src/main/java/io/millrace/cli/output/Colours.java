// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.posix.libc.OwnedFd;
import java.util.regex.Pattern;

/**
 * Marks in red what is wrong, on a terminal that can, unless NO_COLOR is set and not empty (no-color.org). The words say
 * the same without.
 */
public enum Colours {
    ON,
    OFF;

    /** A cell of a table, or what a problem's line says of its thing. */
    private static final Pattern WRONG =
            Pattern.compile("(?<=  |, |\\()(starved|failed|quarantined|stalled)(?=  |,|\\)|$)"
                    + "|(?<= is | has )(starved|failed|quarantined|failing|stalled)(?=: )");

    public static Colours of(Invocation invocation) {
        String wish = System.getenv("NO_COLOR");
        boolean wanted = wish == null || wish.isEmpty();
        return wanted && invocation.canRedraw(OwnedFd.standardOutput()) ? ON : OFF;
    }

    /** To be called last: what it adds takes no cell of the terminal. */
    public String paint(String line) {
        return this == OFF ? line : WRONG.matcher(line).replaceAll("\033[31m$0\033[0m");
    }
}
