// SPDX-License-Identifier: Apache-2.0
package io.millrace;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import io.millrace.testkit.Document;
import io.millrace.testkit.DocumentRun.Result;
import io.millrace.testkit.DocumentRun.Step;
import io.millrace.testkit.DocumentRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every command in a code block of the README and the handbook does what stands there. */
@Timeout(600)
class DocumentedCommandsIT {
    /** What is not run here, by how it begins, with the reason. */
    private static final Map<String, String> NOT_RUN = Map.of(
            "./build run ", "it is what built this; BuildScriptIT runs the script",
            "cp -r target/millrace /usr/lib/millrace ", "./build boot installs it so in a Debian of its own",
            "jconsole ", "needs a display; RemoteJmxIT connects with such keys");

    /** {@link DocumentedJsonIT} runs the commands of this page. */
    private static final String JSON = "json.md";

    @TempDir
    private Path scratch;

    private static List<Step> steps() throws Exception {
        return Document.forUsers().stream()
                .filter(document -> !document.file().endsWith(JSON))
                .flatMap(document -> DocumentRun.steps(document).stream())
                .toList();
    }

    private static Optional<String> reasonNotToRun(Step step) {
        return NOT_RUN.keySet().stream().filter(step.command()::startsWith).findAny();
    }

    /** The one that service.md gives as an example. */
    static String configuration() throws Exception {
        return Document.page("service.md").blocks().stream()
                .filter(block -> block.language().equals("yaml"))
                .map(block -> String.join("\n", block.lines()) + "\n")
                .filter(text -> text.startsWith("roots:"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyCommandDoesWhatIsWritten() throws Exception {
        for (String program : List.of("unshare", "ip", "curl", "zstd", "b3sum", "hashdeep", "python3")) {
            Command.assumeExists(program);
        }
        List<Step> steps =
                steps().stream().filter(step -> reasonNotToRun(step).isEmpty()).toList();
        assertThat(steps).hasSizeGreaterThan(50);

        var wrong = new ArrayList<String>();
        for (Result result : new DocumentRun(scratch).run(configuration(), steps)) {
            if (result.exitCode() != result.step().exitCode()) {
                wrong.add("exit code: " + result);
            }
            unprinted(result).ifPresent(line -> wrong.add("does not print '" + line + "': " + result));
        }
        assertThat(wrong).isEmpty();
    }

    /** The first line that the document shows and the command did not print, in this order. */
    private static Optional<String> unprinted(Result result) {
        var printed = Stream.of(result.out(), result.err())
                .flatMap(String::lines)
                .map(DocumentedCommandsIT::withoutFigures)
                .iterator();
        return result.step().output().stream()
                .filter(line -> {
                    String start = withoutFigures(line.split("…", 2)[0]);
                    while (printed.hasNext()) {
                        if (printed.next().startsWith(start)) {
                            return false;
                        }
                    }
                    return true;
                })
                .findFirst();
    }

    private static String withoutFigures(String line) {
        return line.replaceAll("[0-9][0-9.,]*", "N").replaceAll("N [KMGT]?i?B\\b", "N bytes");
    }

    @Test
    void everyExceptionIsStillInTheDocuments() throws Exception {
        List<Step> steps = steps();
        assertThat(NOT_RUN.keySet())
                .allSatisfy(start ->
                        assertThat(steps).anyMatch(step -> step.command().startsWith(start)));
    }
}
