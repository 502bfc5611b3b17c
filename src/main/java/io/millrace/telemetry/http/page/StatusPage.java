// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.telemetry.DisplayFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The texts of the status page, from which both its HTML and its live updates are made.
 *
 * @param headline the overall status in a few words
 * @param tone of the headline
 * @param notices the problems that need attention
 */
record StatusPage(String headline, Tone tone, List<Notice> notices, List<Tile> tiles, List<Table> tables) {
    /** The severity of a value; it is never shown by colour alone. */
    enum Tone {
        PLAIN,
        GOOD,
        BUSY,
        WARN,
        BAD
    }

    /**
     * A line of the banner.
     *
     * @param row the {@link #rowId} of its subject; empty if that has no row
     */
    record Notice(String text, String row) {
        Notice {
            text = DisplayFormat.shown(text);
            row = DisplayFormat.shown(row);
        }
    }

    /** One value of the summary row. */
    record Tile(String label, Cell cell) {}

    /**
     * @param id of the table in the page and in the updates, and of the heading
     * @param otherwise shown while there are no rows
     */
    record Table(String id, String title, List<String> columns, List<Row> rows, String otherwise) {}

    /** @param cells one for each column; the first is the name, the second the state */
    record Row(List<Cell> cells) {
        /** Returns the most severe tone; a row without problems may be shown smaller. */
        Tone tone() {
            return cells.get(1).tone();
        }
    }

    /** Returns the id by which links address a row; the script computes the same. */
    static String rowId(String table, String name) {
        return table + "-" + name;
    }

    /**
     * @param note shown smaller, below the text; may be empty
     * @param fraction 0 to 1, drawn as a bar
     * @param since the moment whose age the text shows; the script increases the age even if the service no longer
     *     responds
     */
    record Cell(String text, String note, Tone tone, OptionalDouble fraction, Optional<Instant> since) {
        Cell {
            text = DisplayFormat.shown(text);
            note = DisplayFormat.shown(note);
        }

        static Cell of(String text) {
            return new Cell(text, "", Tone.PLAIN, OptionalDouble.empty(), Optional.empty());
        }

        /** Returns {@code 5 min ago}, or {@code never} if there was no such moment. */
        static Cell age(Optional<Instant> then, Instant now, String never) {
            return new Cell(DisplayFormat.ago(then, now, never), "", Tone.PLAIN, OptionalDouble.empty(), then);
        }

        Cell note(String words) {
            return new Cell(text, words, tone, fraction, since);
        }

        Cell tone(Tone how) {
            return new Cell(text, note, how, fraction, since);
        }

        Cell fraction(double part) {
            return new Cell(text, note, tone, OptionalDouble.of(Math.max(0, Math.min(1, part))), since);
        }
    }
}
