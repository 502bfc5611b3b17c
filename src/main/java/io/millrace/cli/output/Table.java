// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** Rows of text below headings, in columns as wide as their content. */
public record Table(List<String> headings, List<List<String>> rows, Layout layout) {
    /** A cell without a value. */
    public static final String NOTHING = "-";

    private static final String GAP = "  ";
    private static final String INDENT = "  ";
    private static final String CUT = "…";

    /** A path shortened below this length would be useless. */
    private static final int MIN_SHORTENED = 12;

    /**
     * What is shortened or omitted if a table is wider than the terminal: first the remark, then the beginnings of
     * paths, then columns.
     *
     * @param spares headings of columns that are omitted first, in this order; without any value they are never shown
     * @param remark heading of the column that is moved to full lines below the table, because it contains reasons; or
     *     empty
     * @param shortened heading of the column with paths, whose beginnings are removed if they are too long; or empty
     */
    public record Layout(List<String> spares, String remark, String shortened) {
        static final Layout FIXED = new Layout(List.of(), "", "");
    }

    /**
     * Returns lines of at most {@code columns} terminal cells; columns that do not fit become lines below the table.
     */
    public List<String> lines(int columns) {
        Table fitted = fitted(columns);
        List<String> lines = fitted.clipped(columns);
        lines.addAll(remarks(columns, fitted, Set.of()));
        lines.addAll(details(columns, fitted));
        return lines;
    }

    /**
     * Returns the same without the columns that do not fit.
     *
     * @param listed the names of rows, their first cells, whose remarks are shown elsewhere on the screen
     */
    public List<String> brief(int columns, Set<String> listed) {
        Table fitted = fitted(columns);
        List<String> lines = fitted.clipped(columns);
        lines.addAll(remarks(columns, fitted, listed));
        return lines;
    }

    private List<String> clipped(int columns) {
        List<String> lines = new ArrayList<>();
        shortened(columns).whole().forEach(line -> lines.add(clip(line, columns)));
        return lines;
    }

    private Table fitted(int columns) {
        Table table = this;
        for (String spare : layout.spares()) {
            table = saysNothing(spare) ? table.without(spare) : table;
        }
        if (!table.fits(columns) && headings.contains(layout.remark())) {
            table = table.without(layout.remark());
        }
        for (String spare : layout.spares()) {
            boolean has = table.headings.contains(spare);
            table = has && !table.shortened(columns).fits(columns) ? table.without(spare) : table;
        }
        return table;
    }

    private boolean saysNothing(String heading) {
        int at = headings.indexOf(heading);
        return rows.stream().allMatch(row -> row.get(at).equals(NOTHING));
    }

    /** Returns for each row its values in the columns that do not fit. */
    private List<String> details(int columns, Table fitted) {
        List<String> gone = headings.stream()
                .filter(heading -> !fitted.headings.contains(heading) && !heading.equals(layout.remark()))
                .toList();
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            String said = gone.stream()
                    .filter(heading -> !row.get(headings.indexOf(heading)).equals(NOTHING))
                    .map(heading -> heading.toLowerCase(Locale.ROOT) + " " + row.get(headings.indexOf(heading)))
                    .collect(Collectors.joining(", "));
            if (!said.isEmpty()) {
                lines.addAll(wrap(INDENT + row.get(0) + ": " + said, columns));
            }
        }
        return lines;
    }

    private List<String> remarks(int columns, Table fitted, Set<String> listed) {
        int at = headings.indexOf(layout.remark());
        List<String> lines = new ArrayList<>();
        if (at < 0 || fitted.headings.contains(layout.remark())) {
            return lines;
        }
        for (List<String> row : rows) {
            if (!row.get(at).equals(NOTHING) && !listed.contains(row.get(0))) {
                lines.addAll(wrap(INDENT + row.get(0) + ": " + row.get(at), columns));
            }
        }
        return lines;
    }

    private boolean fits(int columns) {
        return whole().stream().allMatch(line -> cells(line) <= columns);
    }

    private Table without(String heading) {
        int at = headings.indexOf(heading);
        return new Table(
                without(headings, at),
                rows.stream().map(row -> without(row, at)).toList(),
                layout);
    }

    private Table shortened(int columns) {
        int at = headings.indexOf(layout.shortened());
        int most = whole().stream().mapToInt(Table::cells).max().orElse(0) - columns;
        if (at < 0 || most <= 0) {
            return this;
        }
        int widest = rows.stream().mapToInt(row -> cells(row.get(at))).max().orElse(0);
        int room = Math.max(MIN_SHORTENED, widest - most);
        List<List<String>> shorter = new ArrayList<>();
        for (List<String> row : rows) {
            List<String> cells = new ArrayList<>(row);
            cells.set(at, tail(row.get(at), room));
            shorter.add(cells);
        }
        return new Table(headings, shorter, Layout.FIXED);
    }

    /** Keeps the end of a path, which is more significant than its beginning. */
    private static String tail(String text, int columns) {
        if (cells(text) <= columns) {
            return text;
        }
        int at = 0;
        while (cells(text.substring(at)) > columns - 1) {
            at += Character.charCount(text.codePointAt(at));
        }
        return CUT + text.substring(at);
    }

    /**
     * Breaks text into lines of at most {@code columns} cells, at spaces if possible; all lines but the first are
     * indented.
     */
    public static List<String> wrap(String text, int columns) {
        List<String> lines = new ArrayList<>();
        String rest = text;
        while (cells(rest) > columns) {
            String line = clip(rest, columns);
            int space = rest.charAt(line.length()) == ' ' ? line.length() : line.lastIndexOf(' ');
            if (line.substring(0, Math.max(0, space)).isBlank()) {
                space = line.length();
            }
            if (space == 0) {
                break; // a character wider than the terminal
            }
            lines.add(rest.substring(0, space).stripTrailing());
            String next = rest.substring(space).stripLeading();
            String indent = columns > 2 * INDENT.length() ? INDENT + INDENT : "";
            rest = indent + next;
        }
        lines.add(rest);
        return lines;
    }

    private static List<String> without(List<String> row, int column) {
        List<String> others = new ArrayList<>(row);
        others.remove(column);
        return others;
    }

    private List<String> whole() {
        int[] widths = new int[headings.size()];
        List<List<String>> all = new ArrayList<>();
        all.add(headings);
        all.addAll(rows);
        for (List<String> row : all) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], cells(row.get(i)));
            }
        }
        return all.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        var line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String cell = row.get(i);
            String padding = " ".repeat(widths[i] - cells(cell));
            boolean number = !cell.isEmpty() && Character.isDigit(cell.charAt(0)) && i > 0;
            line.append(i == 0 ? "" : GAP).append(number ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    public static String clip(String text, int columns) {
        int width = 0;
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            width += cells(point);
            if (width > columns) {
                return text.substring(0, at);
            }
            at += Character.charCount(point);
        }
        return text;
    }

    static int cells(String text) {
        return text.codePoints().map(Table::cells).sum();
    }

    /** Returns the width as terminals compute it: zero for combining marks, two for wide East Asian characters. */
    private static int cells(int point) {
        int type = Character.getType(point);
        if (type == Character.NON_SPACING_MARK || type == Character.ENCLOSING_MARK || type == Character.FORMAT) {
            return 0;
        }
        int[][] wide = {
            {0x1100, 0x115F}, {0x2E80, 0x303E}, {0x3041, 0xA4CF}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF},
            {0xFE30, 0xFE6F}, {0xFF00, 0xFF60}, {0xFFE0, 0xFFE6}, {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF},
            {0x20000, 0x3FFFD}
        };
        return Arrays.stream(wide).anyMatch(range -> point >= range[0] && point <= range[1]) ? 2 : 1;
    }
}
