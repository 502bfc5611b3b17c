// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.JsonLines;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** An order to the service: has something done and says what the service answered, in words or as JSON lines. */
final class CtlAction {
    private final Argument<Boolean> json = Argument.json();

    Argument<?> argument() {
        return json;
    }

    boolean json() {
        return json.get();
    }

    /** For what is done without a result: the answer is the sentence for people. */
    int tell(CtlConnection ctl, ControlClient.Question<String> order) throws IOException {
        return said(ctl, ctl.ask(order));
    }

    /** As {@link #tell}, for what the service has answered already. */
    int said(CtlConnection ctl, String said) throws IOException {
        if (json.get()) {
            try (var out = ctl.results()) {
                summary(new JsonLines(out), said);
            }
        }
        ctl.invocation().console().report(said);
        return ExitCode.DONE;
    }

    /** For an answer that programs want: it is a line of standard output, or the {@code member} of an object. */
    String get(
            CtlConnection ctl,
            ControlClient.Question<String> order,
            String type,
            String member,
            UnaryOperator<String> sentence)
            throws IOException {
        String answer = ctl.ask(order);
        String said = sentence.apply(answer);
        try (var out = ctl.results()) {
            if (json.get()) {
                var lines = new JsonLines(out);
                lines.object(type, object -> object.writeStringField(member, answer));
                summary(lines, said);
            } else {
                out.line(answer);
            }
        }
        ctl.invocation().console().report(said);
        return answer;
    }

    static void summary(JsonLines lines, String said) throws IOException {
        lines.object("summary", summary -> summary.writeStringField("message", said));
    }
}
