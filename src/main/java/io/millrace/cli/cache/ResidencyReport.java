// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.cli.options.ListingOptions;
import io.millrace.cli.output.Console;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.pagecache.FileResidency;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.JsonLine;
import io.millrace.scan.ResultJson;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalLong;

/**
 * The output of {@code cache status}, {@code warm} and {@code evict}: one line for each file on standard output, errors
 * and the summary on standard error.
 */
final class ResidencyReport {
    private static final JsonLine.Members NOTHING_MORE = json -> {};
    private static final String UNKNOWN = "unknown";

    private final ResultStream out;
    private final Console console;
    private final JsonLines lines;
    private final boolean json;
    private final boolean onlySummary;
    private final int cells;
    private final ResidencyBar bar = ResidencyBar.ofLocale();
    private long files;
    private long failed;
    private long unknown;
    private long bytes;
    private long unknownBytes;
    private long residentBytes;

    /** @param cells the length of the bars, 0 for none */
    ResidencyReport(ResultStream out, Console console, ListingOptions options, int cells) {
        this.out = out;
        this.console = console;
        this.lines = new JsonLines(out);
        this.json = options.json();
        this.onlySummary = options.onlySummary();
        this.cells = cells;
    }

    void file(BytePath path, FileResidency now) throws IOException {
        file(path, now, NOTHING_MORE);
    }

    /** @param more additional JSON members of the file */
    void file(BytePath path, FileResidency now, JsonLine.Members more) throws IOException {
        files++;
        bytes = ByteSize.sum(bytes, now.sizeBytes());
        residentBytes += now.residentBytes().orElse(0);
        if (now.residentBytes().isEmpty()) {
            unknown++;
            unknownBytes = ByteSize.sum(unknownBytes, now.sizeBytes());
        }
        if (onlySummary) {
            return;
        }
        if (json) {
            object(path, now, more);
        } else {
            String drawn =
                    cells == 0 ? "" : bar.draw(now.slices(), now.sizeBytes() == 0 ? "empty" : UNKNOWN, cells) + " ";
            out.line(drawn + facts(now) + "  " + path.display());
        }
    }

    private void object(BytePath path, FileResidency now, JsonLine.Members more) throws IOException {
        lines.object("file", object -> {
            ResultJson.path(object, path);
            object.writeNumberField("bytes", now.sizeBytes());
            number(object, "resident_bytes", now.residentBytes());
            more.write(object);
            object.writeNullField("error");
        });
    }

    static void number(JsonGenerator object, String name, OptionalLong value) throws IOException {
        if (value.isPresent()) {
            object.writeNumberField(name, value.getAsLong());
        } else {
            object.writeNullField(name);
        }
    }

    private static String facts(FileResidency now) {
        String size = ByteSize.format(now.sizeBytes());
        if (now.residentBytes().isEmpty()) {
            return String.format(Locale.ROOT, "   ? %%  %8s of %8s", UNKNOWN, size);
        }
        long resident = now.residentBytes().getAsLong();
        return String.format(
                Locale.ROOT, "%s  %8s of %8s", percent(resident, now.sizeBytes()), ByteSize.format(resident), size);
    }

    /** Only the whole is shown as 100 %, and only zero as 0. */
    private static String percent(long part, long whole) {
        if (part == 0 || part == whole) {
            return part == 0 ? "   0 %" : " 100 %";
        }
        return String.format(Locale.ROOT, "%4.1f %%", percentOf(part, whole));
    }

    private static double percentOf(long part, long whole) {
        double percent = 100.0 * part / whole;
        return part == 0 || part == whole ? percent : Math.min(99.9, Math.max(0.1, percent));
    }

    void failure(BytePath path, String error) throws IOException {
        failed++;
        if (json && !onlySummary) {
            lines.object("file", object -> {
                ResultJson.path(object, path);
                object.writeNumberField("bytes", 0);
                object.writeNullField("resident_bytes");
                object.writeStringField("error", error);
            });
        }
        console.say(error);
    }

    /**
     * Writes the JSON summary, and the sentence that starts with {@code verb}, or with {@code stopped} if the command
     * was stopped before the end.
     */
    void summary(String verb, boolean stopped, JsonLine.Members more) throws IOException {
        if (json) {
            lines.object("summary", object -> {
                object.writeNumberField("files", files);
                object.writeNumberField("failed", failed);
                object.writeNumberField("unknown", unknown);
                object.writeBooleanField("stopped", stopped);
                object.writeNumberField("bytes", bytes);
                object.writeNumberField("unknown_bytes", unknownBytes);
                object.writeNumberField("resident_bytes", residentBytes);
                percentField(object);
                more.write(object);
            });
        }
        if (onlySummary && !json) {
            out.line(sentence(verb, stopped));
        }
        out.flush();
        if (!onlySummary || json) {
            console.report(sentence(verb, stopped));
        }
    }

    /** The percentage refers to bytes whose residency the kernel reports; null if it reports none. */
    private void percentField(JsonGenerator object) throws IOException {
        long known = bytes - unknownBytes;
        if (known > 0) {
            object.writeNumberField("resident_percent", Math.round(10 * percentOf(residentBytes, known)) / 10.0);
        } else {
            object.writeNullField("resident_percent");
        }
    }

    private String sentence(String verb, boolean stopped) {
        var text = new StringBuilder(stopped ? "stopped after it " : "");
        text.append(verb).append(' ').append(files).append(files == 1 ? " file; " : " files; ");
        long known = bytes - unknownBytes;
        text.append(ByteSize.format(residentBytes)).append(" of ").append(ByteSize.format(known));
        text.append(" resident");
        if (known > 0) {
            text.append(" (").append(percent(residentBytes, known).strip()).append(')');
        }
        if (unknown > 0) {
            text.append("; unknown for ").append(unknown).append(unknown == 1 ? " file, " : " files, ");
            text.append(ByteSize.format(unknownBytes));
        }
        if (failed > 0) {
            text.append("; ").append(failed).append(" failed");
        }
        return text.toString();
    }

    void summary(String verb, boolean stopped) throws IOException {
        summary(verb, stopped, NOTHING_MORE);
    }

    boolean isGood() {
        return failed == 0;
    }
}
