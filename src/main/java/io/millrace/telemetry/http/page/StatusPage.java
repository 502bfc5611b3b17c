// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.telemetry.DisplayFormat;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the status page says, in words: the one source of its HTML and of its live updates.
 *
 * @param headline how things are, in a few words
 * @param tone of the headline
 * @param notices what to look at
 */
record StatusPage(String headline, Tone tone, List<Notice> notices, List<Tile> tiles, List<Table> tables) {
    /** How a figure is meant; it is never told by colour alone. */
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
     * @param row the {@link #rowId} of what it is about; empty where that has no row
     */
    record Notice(String text, String row) {
        Notice {
            text = DisplayFormat.shown(text);
            row = DisplayFormat.shown(row);
        }
    }

    /** One figure of the first row. */
    record Tile(String label, Cell cell) {}

    /**
     * @param id in the page and in the updates, and of the heading
     * @param otherwise what stands there while there is no row
     */
    record Table(String id, String title, List<String> columns, List<Row> rows, String otherwise) {}

    /** @param cells one a column, the first being its name, the second its state */
    record Row(List<Cell> cells) {
        /** A row with nothing to look at may be shown smaller. */
        Tone tone() {
            return cells.get(1).tone();
        }
    }

    /** How links address a row; the script makes the same. */
    static String rowId(String table, String name) {
        return table + "-" + name;
    }

    /**
     * @param note smaller, below the text; may be empty
     * @param fraction 0 to 1, drawn as a bar
     * @param since the moment that the text gives the age of, which goes on growing where the service answers no more
     */
    record Cell(String text, String note, Tone tone, OptionalDouble fraction, Optional<Instant> since) {
        Cell {
            text = DisplayFormat.shown(text);
            note = DisplayFormat.shown(note);
        }

        static Cell of(String text) {
            return new Cell(text, "", Tone.PLAIN, OptionalDouble.empty(), Optional.empty());
        }

        /** {@code 5 min ago}; {@code never} where there was no such moment. */
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
