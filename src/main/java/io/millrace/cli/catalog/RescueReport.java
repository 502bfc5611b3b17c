// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.maintenance.FileRescue;
import io.millrace.catalog.maintenance.RescueLog;
import io.millrace.cli.output.Console;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.NameLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.pagecache.CachedCopyRescue.Mode;
import io.millrace.pagecache.CachedCopyRescue.Outcome;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.scan.ResultJson;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;

/** The output of {@code catalog rescue}: a line for each block that was not what was recorded, or for each file that was. */
final class RescueReport {
    private final ResultStream out;
    private final Console console;
    private final NameLines names;
    private final JsonLines lines;
    private final boolean json;
    private final Mode mode;
    private long files;
    private long failed;
    private long blocks;
    private long bytes;

    RescueReport(ResultStream out, Console console, boolean json, Mode mode) {
        this.out = out;
        this.console = console;
        this.names = new NameLines(out);
        this.lines = new JsonLines(out);
        this.json = json;
        this.mode = mode;
    }

    void block(BytePath path, FileRescue.Block block) throws IOException {
        if (block.isGood()) {
            blocks++;
            bytes = ByteSize.sum(
                    bytes,
                    block.pages().stream().mapToLong(ByteRange::lengthBytes).sum());
        }
        if (json) {
            lines.object("block", object -> {
                ResultJson.path(object, path);
                RescueLog.members(object, block);
            });
        } else {
            names.line(path, sentence(block));
        }
        out.flush();
        if (!block.isTimeRestored()) {
            console.say(path + ": the time of modification is not restored, since another program wrote meanwhile");
        }
    }

    private static String sentence(FileRescue.Block block) {
        String where = block.pages().isEmpty()
                ? range(block.range())
                : block.pages().stream().map(RescueReport::range).collect(Collectors.joining(", "));
        String verb = block.outcome() == Outcome.WRITTEN
                ? "RESCUED "
                : block.outcome() == Outcome.WOULD_WRITE ? "WOULD BE RESCUED " : "NOT RESCUED ";
        return verb + where + places(block.places()) + ": " + block.outcome().message();
    }

    private static String range(ByteRange range) {
        return range.lengthBytes() + " bytes at " + range.offsetBytes();
    }

    private static String places(List<PhysicalRange> places) {
        return places.isEmpty()
                ? ""
                : places.stream()
                        .map(place -> place.device().orElse("the file system's device") + " at " + place.deviceBytes())
                        .collect(Collectors.joining(", ", " (on ", ")"));
    }

    void file(BytePath path, FileRescue.Result result) throws IOException {
        files++;
        failed += result.isGood() ? 0 : 1;
        long bad = result.blocks().size();
        if (json) {
            lines.object("file", object -> {
                ResultJson.path(object, path);
                object.writeNumberField("good_blocks", result.goodBlocks());
                object.writeNumberField(
                        "rescued_blocks",
                        result.blocks().stream()
                                .filter(FileRescue.Block::isGood)
                                .count());
                object.writeNumberField(
                        "bad_blocks",
                        result.blocks().stream()
                                .filter(block -> !block.isGood())
                                .count());
                object.writeNullField("error");
            });
        } else if (bad == 0 && !result.isStopped()) {
            names.line(path, "OK");
        }
        out.flush();
    }

    void failure(BytePath path, String error) throws IOException {
        failed++;
        console.say(error);
        if (json) {
            lines.object("file", object -> {
                ResultJson.path(object, path);
                object.writeNumberField("good_blocks", 0);
                object.writeNumberField("rescued_blocks", 0);
                object.writeNumberField("bad_blocks", 0);
                object.writeStringField("error", error);
            });
        }
    }

    void summary(boolean stopped) throws IOException {
        if (json) {
            lines.object("summary", object -> {
                object.writeNumberField("files", files);
                object.writeNumberField("failed", failed);
                object.writeNumberField("blocks", blocks);
                object.writeNumberField("bytes", bytes);
                object.writeBooleanField("dry_run", mode == Mode.DRY_RUN);
                object.writeBooleanField("stopped", stopped);
            });
        }
        out.flush();
        console.report((stopped ? "stopped after it " : "") + (mode == Mode.DRY_RUN ? "would rescue " : "rescued ")
                + ByteSize.format(bytes) + " in " + blocks + (blocks == 1 ? " block of " : " blocks of ") + files
                + (files == 1 ? " file" : " files") + (failed > 0 ? "; " + failed + " failed or refused" : ""));
    }

    boolean isGood() {
        return failed == 0;
    }
}
