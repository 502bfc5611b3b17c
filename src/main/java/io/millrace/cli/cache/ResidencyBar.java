// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.pagecache.FileResidency.Slice;
import java.util.List;

/** Draws which parts of a file are in the page cache: a character a part, the fuller the more of it is resident. */
enum ResidencyBar {
    UNICODE(" ▁▂▃▄▅▆▇█", '·', "▕", "▏"),
    ASCII(" .:-=+*%#", '_', "[", "]");

    /** From nothing to all. */
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

    /** What the locale of this process can show. */
    static ResidencyBar ofLocale() {
        return "UTF-8".equalsIgnoreCase(System.getProperty("native.encoding")) ? UNICODE : ASCII;
    }

    /** Fewer slices than cells are stretched. Of none, a word says why there is nothing to draw. */
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
        // Neither nothing nor all: never drawn as the one or the other.
        double part = (double) slice.residentBytes() / slice.range().lengthBytes();
        return levels.charAt((int) Math.min(
                levels.length() - 2, Math.max(1, Math.round(part * (levels.length() - 1)))));
    }
}
