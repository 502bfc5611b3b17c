// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of words below headings, in columns that are as wide as they need to be.
 *
 * @param spare the heading of a column that is shown only where there is room for it and it says something; empty for none
 */
record Table(List<String> headings, List<List<String>> rows, String spare) {
    /** A cell that has nothing to say. */
    static final String NOTHING = "-";

    private static final String GAP = "  ";

    /** No line takes more than so many cells of a terminal. */
    List<String> lines(int columns) {
        int at = headings.indexOf(spare);
        List<String> all = whole();
        if (at >= 0
                && (all.stream().anyMatch(line -> cells(line) > columns)
                        || rows.stream().allMatch(row -> row.get(at).equals(NOTHING)))) {
            var others = rows.stream().map(row -> without(row, at)).toList();
            all = new Table(without(headings, at), others, "").whole();
        }
        return all.stream().map(line -> clip(line, columns)).toList();
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

    static String clip(String text, int columns) {
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

    /** As terminals do: nothing for marks that sit on the letter before, two for the wide letters of East Asia. */
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
