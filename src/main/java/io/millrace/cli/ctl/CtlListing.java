// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.output.Colours;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.cli.output.Table;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A listing of objects of the service: a table for people, or JSON lines. */
final class CtlListing {
    /** Wider than any table; used if the output is not a terminal. */
    private static final int ANY_COLUMNS = Integer.MAX_VALUE;

    private final Argument<Boolean> json = Argument.json();

    Argument<?> argument() {
        return json;
    }

    /** Defines how one kind of objects is shown. */
    public record Form<T>(String type, List<String> headings, Table.Layout layout, Cells<T> cells) {}

    /** Returns the cells of a table row. */
    interface Cells<T> {
        List<String> of(T thing);
    }

    /** @param question for people; as JSON, the service is asked for all objects of the type */
    <T> int print(CtlConnection ctl, ControlClient.Question<T[]> question, Form<T> form) throws IOException {
        return print(
                ctl,
                question,
                client -> client.daemon().json(form.type()),
                form.type(),
                things -> table(things, form).lines(columns(ctl.invocation())));
    }

    /** @param words the lines for people, which are clipped to the width of a terminal */
    <T> int print(
            CtlConnection ctl,
            ControlClient.Question<T[]> question,
            ControlClient.Question<String[]> objects,
            String type,
            Function<T[], List<String>> words)
            throws IOException {
        int count = json.get() ? printJson(ctl, ctl.ask(objects)) : printWords(ctl, ctl.ask(question), words);
        ctl.invocation().console().report(DisplayFormat.count(count, type));
        return ExitCode.DONE;
    }

    private static int printJson(CtlConnection ctl, String[] objects) throws IOException {
        try (var out = ctl.results()) {
            write(out, objects);
            new JsonLines(out).object("summary", summary -> summary.writeNumberField("count", objects.length));
        }
        return objects.length;
    }

    private static <T> int printWords(CtlConnection ctl, T[] things, Function<T[], List<String>> words)
            throws IOException {
        int columns = columns(ctl.invocation());
        var colours = Colours.of(ctl.invocation());
        try (var out = ctl.results()) {
            for (String line : words.apply(things)) {
                out.line(colours.paint(Table.clip(line, columns)));
            }
        }
        return things.length;
    }

    /** Writes objects as the service wrote them. */
    static void write(ResultStream out, String... objects) throws IOException {
        for (String object : objects) {
            out.line(object);
        }
    }

    static int columns(Invocation invocation) {
        return invocation.posix().terminals().columns(OwnedFd.standardOutput()).orElse(ANY_COLUMNS);
    }

    static <T> Table table(T[] things, Form<T> form) {
        List<List<String>> rows = new ArrayList<>();
        for (T thing : things) {
            rows.add(form.cells().of(thing));
        }
        return new Table(form.headings(), rows, form.layout());
    }
}
