// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.catalog.CatalogStats;
import io.millrace.catalog.FileSystemStats;
import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.cli.output.Table;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import io.millrace.units.ByteSize;
import io.millrace.units.Timestamps;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;

/** The output of {@code catalog stats}. */
final class StatsReport {
    private static final String DEVICE = "device:";
    private static final int UUID_BYTES = 16;
    private static final Table.Layout PLAIN = new Table.Layout(List.of(), "", "");

    private final ResultStream out;
    private final BytePath database;

    StatsReport(ResultStream out, BytePath database) {
        this.out = out;
        this.database = database;
    }

    void text(CatalogStats stats) throws IOException {
        out.line(database.display());
        fact("database", ByteSize.format(stats.databaseBytes()) + ", " + count(stats.scans(), "scan"));
        fact(
                "files",
                amount(stats.files()) + "; " + count(stats.names(), "name") + " in " + stats.directories()
                        + (stats.directories() == 1 ? " directory" : " directories"));
        fact(
                "on the device",
                percent(stats.onDevice(), stats.files()) + " of bytes verified; " + amount(stats.onDevice()));
        if (stats.oldestOnDeviceSeconds() > 0) {
            fact("oldest", time(stats.oldestOnDeviceSeconds()));
            fact("newest", time(stats.newestOnDeviceSeconds()));
        }
        fact("live", amount(stats.live()));
        if (!stats.filesByVerdict().isEmpty()) {
            out.line("");
            table(List.of("VERDICT", "FILES", "BYTES"), verdicts(stats));
            out.line("");
            table(List.of("FILE SYSTEM", "FILES", "BYTES", "ON THE DEVICE", "OLDEST", "BELOW"), fileSystems(stats));
        }
    }

    private void fact(String what, String value) throws IOException {
        out.line(String.format(Locale.ROOT, "  %-14s  %s", what, value));
    }

    private void table(List<String> headings, List<List<String>> rows) throws IOException {
        for (String line : new Table(headings, rows, PLAIN).lines(Integer.MAX_VALUE)) {
            out.line(line);
        }
    }

    private static List<List<String>> verdicts(CatalogStats stats) {
        var rows = new ArrayList<List<String>>();
        stats.filesByVerdict()
                .forEach((verdict, amount) -> rows.add(
                        List.of(verdict.label(), String.valueOf(amount.files()), ByteSize.format(amount.bytes()))));
        return rows;
    }

    private static List<List<String>> fileSystems(CatalogStats stats) {
        var rows = new ArrayList<List<String>>();
        for (FileSystemStats each : stats.byFileSystem()) {
            long oldest = each.oldestOnDeviceSeconds();
            rows.add(List.of(
                    describe(each.id()),
                    String.valueOf(each.files().files()),
                    ByteSize.format(each.files().bytes()),
                    percent(each.onDevice(), each.files()),
                    oldest == 0 ? Table.NOTHING : time(oldest),
                    each.below().map(BytePath::display).orElse(Table.NOTHING)));
        }
        return rows;
    }

    private static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static String amount(Amount amount) {
        return count(amount.files(), "file") + ", " + ByteSize.format(amount.bytes());
    }

    /** Only the whole is shown as 100 %, and only zero as 0; without bytes by files. */
    private static String percent(Amount part, Amount whole) {
        double share = share(part, whole);
        boolean isExact = share == 0 || share == 1;
        double shown = isExact ? 100 * share : Math.min(99.9, Math.max(0.1, 100 * share));
        return String.format(Locale.ROOT, isExact ? "%.0f %%" : "%.1f %%", shown);
    }

    private static double share(Amount part, Amount whole) {
        if (whole.bytes() > 0) {
            return (double) part.bytes() / whole.bytes();
        }
        return whole.files() == 0 ? 0 : (double) part.files() / whole.files();
    }

    private static String time(long seconds) {
        return Timestamps.format(Instant.ofEpochSecond(seconds));
    }

    /** For people; JSON has the hexadecimal digits, as exports do. 16 bytes of a UUID, 8 of f_fsid, or the text of a device. */
    private static String describe(FileSystemId id) {
        byte[] bytes = id.toBytes();
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.startsWith(DEVICE)) {
            return BytePath.display(text);
        }
        if (bytes.length == UUID_BYTES) {
            var buffer = ByteBuffer.wrap(bytes);
            return new UUID(buffer.getLong(), buffer.getLong()).toString();
        }
        return id.toString();
    }

    void json(CatalogStats stats) throws IOException {
        var lines = new JsonLines(out);
        for (FileSystemStats each : stats.byFileSystem()) {
            lines.object("file_system", json -> {
                json.writeStringField("file_system", each.id().toString());
                if (each.below().isPresent()) {
                    ResultJson.path(json, each.below().get());
                } else {
                    json.writeNullField("path");
                }
                amount(json, "", each.files());
                device(json, each.onDevice(), each.files());
                times(json, each.oldestOnDeviceSeconds(), each.newestOnDeviceSeconds());
            });
        }
        lines.object("summary", json -> {
            json.writeStringField("database", database.toUtf8());
            json.writeNumberField("database_bytes", stats.databaseBytes());
            amount(json, "", stats.files());
            json.writeNumberField("names", stats.names());
            json.writeNumberField("directories", stats.directories());
            json.writeNumberField("scans", stats.scans());
            device(json, stats.onDevice(), stats.files());
            times(json, stats.oldestOnDeviceSeconds(), stats.newestOnDeviceSeconds());
            groups(json, stats);
        });
    }

    private static void groups(JsonGenerator json, CatalogStats stats) throws IOException {
        json.writeArrayFieldStart("verdicts");
        for (Verdict verdict : Verdict.values()) {
            json.writeStartObject();
            json.writeStringField("verdict", verdict.label());
            amount(json, "", stats.filesByVerdict().getOrDefault(verdict, Amount.ZERO));
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeArrayFieldStart("classes");
        for (FileClass type : FileClass.values()) {
            Amount live = stats.live();
            Amount all = stats.files();
            json.writeStartObject();
            json.writeStringField("class", type.label());
            amount(
                    json,
                    "",
                    type == FileClass.LIVE ? live : new Amount(all.files() - live.files(), all.bytes() - live.bytes()));
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void amount(JsonGenerator json, String prefix, Amount amount) throws IOException {
        json.writeNumberField(prefix + "files", amount.files());
        json.writeNumberField(prefix + "bytes", amount.bytes());
    }

    private static void device(JsonGenerator json, Amount onDevice, Amount all) throws IOException {
        amount(json, "on_device_", onDevice);
        json.writeNumberField("on_device_percent", Math.floor(1000 * share(onDevice, all)) / 10);
    }

    private static void times(JsonGenerator json, long oldest, long newest) throws IOException {
        json.writeStringField(
                "oldest_on_device",
                oldest == 0 ? null : Instant.ofEpochSecond(oldest).toString());
        json.writeStringField(
                "newest_on_device",
                newest == 0 ? null : Instant.ofEpochSecond(newest).toString());
    }
}
