// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.JsonLines;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.util.function.UnaryOperator;

/** Sends a command to the service and prints the answer as text or as JSON lines. */
final class CtlAction {
    private final Argument<Boolean> json = Argument.json();

    Argument<?> argument() {
        return json;
    }

    boolean json() {
        return json.get();
    }

    /** Executes a command without a result; the answer is a sentence for people. */
    int tell(CtlConnection ctl, ControlClient.Question<String> order) throws IOException {
        return report(ctl, ctl.ask(order));
    }

    /** Prints an answer, like {@link #tell}, that the service has already given. */
    int report(CtlConnection ctl, String said) throws IOException {
        if (json.get()) {
            try (var out = ctl.results()) {
                summary(new JsonLines(out), said);
            }
        }
        ctl.invocation().console().report(said);
        return ExitCode.DONE;
    }

    /**
     * Executes a command whose answer programs need: it is printed as a line on standard output, or as the
     * {@code member} of an object.
     */
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
