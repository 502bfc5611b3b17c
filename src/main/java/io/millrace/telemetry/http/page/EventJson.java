// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.telemetry.RateHistory;
import io.millrace.telemetry.SnapshotTicker;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tile;
import io.millrace.units.EnumLabels;
import io.millrace.units.Timestamps;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;

/**
 * Writes one event of {@code /events}: the values for programs, and in the member {@code page} the texts of the status
 * page for its script. One line. Stateless; any thread.
 */
public final class EventJson {
    private static final JsonFactory FACTORY = new JsonFactory();

    private final JsonGenerator json;

    private EventJson(JsonGenerator json) {
        this.json = json;
    }

    /** @param whole whether to include the whole history, or its last value only */
    public static String write(SnapshotTicker.Beat now, boolean whole) throws IOException {
        var out = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.writeStartObject();
            StatusJson.document(now.snapshot(), now.done()).writeMembers(json);
            new EventJson(json).page(StatusPageBuilder.build(now));
            history(json, now.history(), whole);
            json.writeEndObject();
        }
        return out.toString();
    }

    private void page(StatusPage page) throws IOException {
        json.writeObjectFieldStart("page");
        json.writeStringField("headline", page.headline());
        json.writeStringField("tone", EnumLabels.of(page.tone()));
        json.writeArrayFieldStart("notices");
        for (StatusPage.Notice notice : page.notices()) {
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
        json.writeStringField("tone", EnumLabels.of(cell.tone()));
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
        json.writeStringField("end", Timestamps.utc(history.end()));
        json.writeArrayFieldStart("bytes_per_second");
        for (int i = whole ? 0 : rates.length - 1; i < rates.length; i++) {
            json.writeNumber(Math.round(rates[i]));
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
