// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.telemetry.Page.Cell;
import io.millrace.telemetry.Page.Row;
import io.millrace.telemetry.Page.Table;
import io.millrace.telemetry.Page.Tile;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/**
 * One event of {@code /events}: the figures for programs, and under {@code page} the words of the status page for its
 * script. One line.
 */
final class SnapshotJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private SnapshotJson(JsonGenerator json) {
        this.json = json;
    }

    /** @param whole whether with all of the history, or its last value only */
    static String write(Pulse.Beat now, boolean whole) throws IOException {
        var out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            FactsJson.write(json, now);
            new SnapshotJson(json).page(Page.of(now));
            history(json, now.history(), whole);
            json.writeEndObject();
        }
        return out.toString();
    }

    private void page(Page page) throws IOException {
        json.writeObjectFieldStart("page");
        json.writeStringField("headline", page.headline());
        json.writeStringField("tone", Words.label(page.tone()));
        json.writeArrayFieldStart("notices");
        for (Page.Notice notice : page.notices()) {
            json.writeStartObject();
            json.writeStringField("text", notice.text());
            json.writeStringField("row", notice.row());
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("tiles");
        for (Tile tile : page.tiles()) {
            cell(tile.cell());
        }
        json.writeEndArray();
        json.writeObjectFieldStart("tables");
        for (Table table : page.tables()) {
            rows(table.id(), table.rows());
        }
        json.writeEndObject();
        json.writeEndObject();
    }

    private void rows(String table, List<Row> rows) throws IOException {
        json.writeArrayFieldStart(table);
        for (Row row : rows) {
            json.writeStartArray();
            for (Cell cell : row.cells()) {
                cell(cell);
            }
            json.writeEndArray();
        }
        json.writeEndArray();
    }

    private void cell(Cell cell) throws IOException {
        json.writeStartObject();
        json.writeStringField("text", cell.text());
        json.writeStringField("note", cell.note());
        json.writeStringField("tone", Words.label(cell.tone()));
        if (cell.fraction().isPresent()) {
            json.writeNumberField("fraction", cell.fraction().getAsDouble());
        }
        if (cell.since().isPresent()) {
            json.writeNumberField("since", cell.since().get().getEpochSecond());
        }
        json.writeEndObject();
    }

    private static void history(JsonGenerator json, RateHistory.View history, boolean whole) throws IOException {
        double[] rates = history.bytesPerSecond();
        json.writeObjectFieldStart("history");
        json.writeNumberField("end", history.end().getEpochSecond());
        json.writeArrayFieldStart("rates");
        for (int i = whole ? 0 : rates.length - 1; i < rates.length; i++) {
            json.writeNumber(Math.round(rates[i]));
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
