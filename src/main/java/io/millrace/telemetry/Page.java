// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What the status page says, in words: the one source of its HTML and of its live updates.
 *
 * @param headline one sentence on how things are
 * @param tone of the headline
 */
record Page(String headline, Tone tone, List<Tile> tiles, List<Table> tables) {
    /** How a figure is meant; it is never told by colour alone. */
    enum Tone {
        PLAIN,
        GOOD,
        BUSY,
        WARN,
        BAD
    }

    /** One figure of the first row. */
    record Tile(String label, Cell cell) {}

    /**
     * @param id in the page and in the updates, and of the heading
     * @param otherwise what stands there while there is no row
     */
    record Table(String id, String title, List<String> columns, List<Row> rows, String otherwise) {}

    /** @param cells one a column, the first being its name */
    record Row(List<Cell> cells) {}

    /**
     * @param note smaller, below the text; may be empty
     * @param fraction 0 to 1, drawn as a bar
     */
    record Cell(String text, String note, Tone tone, OptionalDouble fraction) {
        Cell {
            text = Words.shown(text);
            note = Words.shown(note);
        }

        static Cell of(String text) {
            return new Cell(text, "", Tone.PLAIN, OptionalDouble.empty());
        }

        Cell note(String words) {
            return new Cell(text, words, tone, fraction);
        }

        Cell tone(Tone how) {
            return new Cell(text, note, how, fraction);
        }

        Cell fraction(double part) {
            return new Cell(text, note, tone, OptionalDouble.of(Math.max(0, Math.min(1, part))));
        }
    }

    static Page of(Pulse.Beat now) {
        Snapshot snapshot = now.snapshot();
        Tone tone =
                Trouble.isAnywhere(snapshot) ? Tone.BAD : snapshot.notReady().isEmpty() ? Tone.GOOD : Tone.WARN;
        return new Page(
                Words.shown(snapshot.service().sentence()),
                tone,
                Tiles.of(now),
                List.of(
                        ScanRows.table(snapshot),
                        SourceRows.table(snapshot),
                        PoolRows.table(snapshot),
                        WorkerRows.table(snapshot)));
    }
}
