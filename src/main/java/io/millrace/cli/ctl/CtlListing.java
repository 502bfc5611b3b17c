// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.cli.command.Argument;
import io.millrace.cli.output.Colours;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.Table;
import io.millrace.posix.libc.OwnedFd;
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
    public record Form<T>(String type, List<String> headings, Table.Layout layout, Cells<T> cells, Fields<T> fields) {}

    /** Returns the cells of a table row. */
    interface Cells<T> {
        List<String> of(T thing);
    }

    /** Writes the members of a JSON object. */
    interface Fields<T> {
        void write(JsonGenerator json, T thing) throws IOException;
    }

    <T> int print(CtlConnection ctl, ControlClient.Question<T[]> question, Form<T> form) throws IOException {
        return print(ctl, question, form, things -> table(things, form).lines(columns(ctl.invocation())));
    }

    /** @param words the lines for people, which are clipped to the width of a terminal */
    <T> int print(
            CtlConnection ctl, ControlClient.Question<T[]> question, Form<T> form, Function<T[], List<String>> words)
            throws IOException {
        T[] things = ctl.ask(question);
        try (var out = ctl.results()) {
            if (json.get()) {
                var lines = new JsonLines(out);
                objects(lines, things, form);
                lines.object("summary", summary -> summary.writeNumberField("count", things.length));
            } else {
                int columns = columns(ctl.invocation());
                var colours = Colours.of(ctl.invocation());
                for (String line : words.apply(things)) {
                    out.line(colours.paint(Table.clip(line, columns)));
                }
            }
        }
        ctl.invocation().console().report(things.length + " " + form.type() + (things.length == 1 ? "" : "s"));
        return ExitCode.DONE;
    }

    static int columns(Invocation invocation) {
        return invocation.posix().terminals().columns(OwnedFd.standardOutput()).orElse(ANY_COLUMNS);
    }

    static <T> void objects(JsonLines lines, T[] things, Form<T> form) throws IOException {
        for (T thing : things) {
            lines.object(form.type(), json -> form.fields().write(json, thing));
        }
    }

    static <T> Table table(T[] things, Form<T> form) {
        List<List<String>> rows = new ArrayList<>();
        for (T thing : things) {
            rows.add(form.cells().of(thing));
        }
        return new Table(form.headings(), rows, form.layout());
    }
}
