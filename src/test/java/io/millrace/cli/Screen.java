// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a person sees in the end of what a terminal was sent: the few controls that this program uses, no more. */
final class Screen {
    private static final Pattern PIECE = Pattern.compile("\033\\[(\\d*)([AKJm])|\r|\n|[^\033\r\n]+");

    private final int rows;
    private final List<StringBuilder> lines = new ArrayList<>(List.of(new StringBuilder()));
    private int row;
    private int column;
    private int scrolled;

    private Screen(int rows) {
        this.rows = rows;
    }

    static Screen of(int rows, String sent) {
        var screen = new Screen(rows);
        Matcher piece = PIECE.matcher(sent);
        int end = 0;
        while (piece.find()) {
            if (piece.start() != end) {
                throw new AssertionError("not understood: " + sent.substring(end, piece.start()));
            }
            end = piece.end();
            screen.take(piece);
        }
        return screen;
    }

    private void take(Matcher piece) {
        String text = piece.group();
        if (piece.group(2) != null) {
            control(piece.group(2), piece.group(1).isEmpty() ? 1 : Integer.parseInt(piece.group(1)));
        } else if (text.equals("\r")) {
            column = 0;
        } else if (text.equals("\n")) {
            feed();
        } else {
            StringBuilder line = lines.get(row);
            line.replace(column, Math.min(line.length(), column + text.length()), text);
            column += text.length();
        }
    }

    private void control(String what, int count) {
        switch (what) {
            case "A" -> row = Math.max(0, row - count);
            case "m" -> {} // a colour takes no cell
            case "K" -> lines.get(row).setLength(column);
            default -> {
                lines.get(row).setLength(column);
                lines.subList(row + 1, lines.size()).clear();
            }
        }
    }

    private void feed() {
        row++;
        if (row == lines.size()) {
            lines.add(new StringBuilder());
        }
        if (row == rows) {
            lines.remove(0);
            row--;
            scrolled++;
        }
    }

    List<String> lines() {
        return lines.stream().map(StringBuilder::toString).toList();
    }

    /** How many lines have left it at the top. */
    int scrolled() {
        return scrolled;
    }
}
