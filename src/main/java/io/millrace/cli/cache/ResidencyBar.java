// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.pagecache.FileResidency.Slice;
import java.util.List;

/**
 * Draws which parts of a file are in the page cache: one character for each part, with a level that shows its resident
 * fraction.
 */
enum ResidencyBar {
    UNICODE(" ▁▂▃▄▅▆▇█", '·', "▕", "▏"),
    ASCII(" .:-=+*%#", '_', "[", "]");

    /** The characters from empty to full. */
    private final String levels;

    private final char hole;
    private final String left;
    private final String right;

    ResidencyBar(String levels, char hole, String left, String right) {
        this.levels = levels;
        this.hole = hole;
        this.left = left;
        this.right = right;
    }

    /** Returns the style that the locale of this process can display. */
    static ResidencyBar ofLocale() {
        return "UTF-8".equalsIgnoreCase(System.getProperty("native.encoding")) ? UNICODE : ASCII;
    }

    /**
     * Draws the slices; if there are fewer slices than cells, they are stretched. If there are none, returns
     * {@code withoutSlices}, which says why.
     */
    String draw(List<Slice> slices, String withoutSlices, int cells) {
        var bar = new StringBuilder(left);
        if (slices.isEmpty()) {
            String word = withoutSlices.substring(0, Math.min(withoutSlices.length(), cells));
            int before = (cells - word.length()) / 2;
            bar.append(" ".repeat(before)).append(word).append(" ".repeat(cells - word.length() - before));
        } else {
            for (int cell = 0; cell < cells; cell++) {
                bar.append(character(slices.get((int) ((long) cell * slices.size() / cells))));
            }
        }
        return bar.append(right).toString();
    }

    private char character(Slice slice) {
        if (slice.residentBytes() == 0) {
            return slice.isHole() ? hole : levels.charAt(0);
        }
        if (slice.residentBytes() == slice.range().lengthBytes()) {
            return levels.charAt(levels.length() - 1);
        }
        // A partly resident slice is never drawn as empty or full.
        double part = (double) slice.residentBytes() / slice.range().lengthBytes();
        return levels.charAt((int) Math.min(
                levels.length() - 2, Math.max(1, Math.round(part * (levels.length() - 1)))));
    }
}
