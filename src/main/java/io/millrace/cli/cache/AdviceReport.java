// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.output.Console;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.scan.ResultJson;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.units.EnumLabels;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The output of {@code cache advise}: a line only for each file that failed, with {@code --json} for every file, and a
 * summary.
 */
final class AdviceReport implements FileVisitor.Report<Advice> {
    private final ResultStream out;
    private final Console console;
    private final JsonLines lines;
    private final Advice advice;
    private final ByteRange range;
    private final boolean json;
    private long advised;
    private long failed;

    AdviceReport(ResultStream out, Console console, Advice advice, ByteRange range, boolean json) {
        this.out = out;
        this.console = console;
        this.lines = new JsonLines(out);
        this.advice = advice;
        this.range = range;
        this.json = json;
    }

    @Override
    public void done(BytePath path, Advice result) throws IOException {
        advised++;
        object(path, null);
    }

    @Override
    public void failed(BytePath path, String error) throws IOException {
        failed++;
        object(path, error);
        console.say(error);
    }

    private void object(BytePath path, @Nullable String error) throws IOException {
        if (json) {
            lines.object("file", object -> {
                ResultJson.path(object, path);
                object.writeStringField("advice", word());
                object.writeNumberField("offset_bytes", range.offsetBytes());
                object.writeNumberField("length_bytes", range.lengthBytes());
                object.writeStringField("error", error);
            });
        }
    }

    void summary(boolean stopped) throws IOException {
        if (json) {
            lines.object("summary", object -> {
                object.writeNumberField("files", advised);
                object.writeNumberField("failed", failed);
                object.writeBooleanField("stopped", stopped);
            });
        }
        out.flush();
        console.report(sentence(stopped));
    }

    boolean isGood() {
        return failed == 0;
    }

    private String word() {
        return EnumLabels.of(advice);
    }

    private String sentence(boolean stopped) {
        String reach = switch (advice) {
            case WILLNEED -> "reading was started, and not waited for (see cache warm)";
            case DONTNEED -> "clean pages that nobody uses are dropped (see cache evict)";
            case NORMAL, SEQUENTIAL, RANDOM, NOREUSE -> "this ended with our own open file";
        };
        return (stopped ? "stopped after it " : "") + "advised " + word() + " on " + advised
                + (advised == 1 ? " file" : " files") + (failed > 0 ? ", " + failed + " failed" : "") + "; " + reach;
    }
}
