// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.exchange.ExportDiff;
import io.millrace.catalog.exchange.NdjsonImport;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.NameLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.files.RecordReader;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog diff}: compares two exports. */
final class CatalogDiffCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<Boolean> json = Argument.json();

    private final Argument<List<BytePath>> firsts =
            Argument.parameters("0", "1", "A", BytePath.class, "An export of ndjson; - is standard input.");

    private final Argument<List<BytePath>> seconds = Argument.parameters("1", "1", "B", BytePath.class, "Another one.");

    private CatalogDiffCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogDiffCommand(invocation);
        return new CommandBuilder("diff", command)
                .description(
                        "Compare two exports by name, size and digests, without reading any file.",
                        "",
                        "Of two hosts, or of one host at two times. A line for each name that is not the same in both:",
                        "  NAME: only in the first     NAME: only in the second",
                        "  NAME: differs               size, or a digest that both have, is another",
                        "  NAME: not comparable        of one size, without a digest that both have",
                        "")
                .exitCodes("0", "the same", "1", "they differ, or could not be compared to the end", "2", "wrong usage")
                .examples("  millrace catalog diff web1.ndjson web2.ndjson")
                .add(command.json, command.firsts, command.seconds)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        BytePath first = firsts.get().get(0);
        BytePath second = seconds.get().get(0);
        if (first.equals(RecordReader.STANDARD_INPUT) && second.equals(RecordReader.STANDARD_INPUT)) {
            throw seconds.refused("-: standard input can be read only once");
        }
        try (var out = new ResultStream(invocation);
                var one = RecordReader.open(invocation.posix(), first, invocation.stop()::isRequested);
                var other = RecordReader.open(invocation.posix(), second, invocation.stop()::isRequested)) {
            var lines = new JsonLines(out);
            var names = new NameLines(out);
            ExportDiff.Listener listener = (kind, path) -> {
                if (json.get()) {
                    lines.object("difference", object -> {
                        ResultJson.path(object, path);
                        object.writeStringField("difference", kind.label());
                    });
                } else {
                    names.line(path, kind.label());
                }
            };
            var diff = new ExportDiff(
                    new NdjsonImport(one.bytes(), name(first)),
                    name(first),
                    new NdjsonImport(other.bytes(), name(second)),
                    name(second),
                    listener);
            return conclude(run(diff), out, lines);
        }
    }

    private static String name(BytePath export) {
        return export.equals(RecordReader.STANDARD_INPUT) ? "standard input" : export.display();
    }

    private ExportDiff.Summary run(ExportDiff diff) throws IOException {
        try {
            return diff.run();
        } catch (IOException e) {
            if (invocation.stop().isRequested()) { // which ends the input, in the middle of a line
                throw new ResultStream.Stopped("stopped; the exports were not compared to the end");
            }
            throw e;
        }
    }

    private int conclude(ExportDiff.Summary summary, ResultStream out, JsonLines lines) throws IOException {
        if (json.get()) {
            lines.object("summary", object -> {
                object.writeNumberField("same", summary.same());
                object.writeNumberField("only_first", summary.onlyFirst());
                object.writeNumberField("only_second", summary.onlySecond());
                object.writeNumberField("differing", summary.differing());
                object.writeNumberField("not_comparable", summary.notComparable());
            });
        }
        out.flush();
        invocation
                .console()
                .report(summary.same() + " the same, " + summary.differing() + " differing, " + summary.onlyFirst()
                        + " only in the first, " + summary.onlySecond() + " only in the second"
                        + (summary.notComparable() > 0 ? ", " + summary.notComparable() + " not comparable" : ""));
        return summary.isSame() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
}
