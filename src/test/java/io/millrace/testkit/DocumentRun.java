// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs what code blocks of documents say, as {@code documents.sh} does it: in namespaces of its own, with the files and
 * the service that the documents speak of. A block of {@code sh} is one script. In a block of {@code console}, lines
 * that begin with {@code $} are commands and the others what they print.
 */
public final class DocumentRun {
    private static final String SCRIPT = "/io/millrace/testkit/documents.sh";
    private static final Pattern EXIT_CODE = Pattern.compile("# exit code (\\d+)$");
    private static final List<String> HIDDEN = List.of("/run", "/var/lib", "/var/tmp", "/srv");
    private static final int SKIP = 77;
    private static final int MAX_MINUTES = 9;

    private final Path scratch;

    /** One command. {@code output}: the lines that the document shows below it. */
    public record Step(Document document, int line, String command, List<String> output) {
        /** As the document says behind the command, 0 if it says nothing. */
        public int exitCode() {
            var said = EXIT_CODE.matcher(command);
            return said.find() ? Integer.parseInt(said.group(1)) : 0;
        }

        @Override
        public String toString() {
            return document + ":" + line + ": " + command;
        }
    }

    /** What became of a step. */
    public record Result(Step step, int exitCode, String out, String err) {
        @Override
        public String toString() {
            return step + "\nexit code " + exitCode + "\n--- out\n" + out + "--- err\n" + err + "---";
        }
    }

    /** @param scratch an empty directory, on a disk */
    public DocumentRun(Path scratch) {
        this.scratch = scratch;
    }

    /** The commands of all blocks that are shell or a session with one. */
    public static List<Step> steps(Document document) {
        var steps = new ArrayList<Step>();
        for (Document.Block block : document.blocks()) {
            if (block.language().equals("sh")) {
                steps.add(new Step(document, block.line() + 1, String.join("\n", block.lines()), List.of()));
            } else if (block.language().equals("console")) {
                steps.addAll(session(document, block));
            }
        }
        return steps;
    }

    private static List<Step> session(Document document, Document.Block block) {
        var steps = new ArrayList<Step>();
        for (int i = 0; i < block.lines().size(); i++) {
            String line = block.lines().get(i);
            if (line.startsWith("$ ")) {
                steps.add(new Step(document, block.line() + 1 + i, line.substring(2), new ArrayList<>()));
            } else {
                steps.get(steps.size() - 1).output().add(line);
            }
        }
        return steps;
    }

    /**
     * Runs the steps, document by document in the order given. Skips the test where namespaces cannot be made.
     *
     * @param configuration of the service; that of the source tree for the README
     */
    public List<Result> run(String configuration, List<Step> steps) throws IOException, InterruptedException {
        Path layout = Path.of(System.getProperty("millrace.layout")).toRealPath();
        Path project = Path.of("").toRealPath();
        for (Path place : List.of(layout, project, scratch.toRealPath())) {
            assumeTrue(HIDDEN.stream().noneMatch(place::startsWith), () -> place + " would be hidden by a mount");
        }
        Files.writeString(scratch.resolve("millrace.yaml"), configuration);
        var scripts = new ArrayList<Path>();
        for (Step step : steps) {
            scripts.add(write(step, scripts.size()));
        }
        run(
                layout,
                project,
                steps.stream().map(step -> name(step.document())).distinct().toList());

        var results = new ArrayList<Result>();
        for (int i = 0; i < steps.size(); i++) {
            results.add(result(steps.get(i), scripts.get(i)));
        }
        return results;
    }

    private static String name(Document document) {
        return document.file().getFileName().toString().replace(".md", "");
    }

    private Path write(Step step, int number) throws IOException {
        Path directory =
                Files.createDirectories(scratch.resolve(name(step.document())).resolve("steps"));
        // A script is not to change the shell that runs the ones behind it.
        String text = step.command().contains("\n") ? "(set -e\n" + step.command() + "\n)" : step.command();
        return Files.writeString(directory.resolve(String.format("%03d.sh", number)), text);
    }

    private void run(Path layout, Path project, List<String> documents) throws IOException, InterruptedException {
        Path script = scratch.resolve("documents.sh");
        try (var in = Objects.requireNonNull(DocumentRun.class.getResourceAsStream(SCRIPT))) {
            Files.write(script, in.readAllBytes());
        }
        var command = new ArrayList<>(Signals.DEFAULT);
        command.addAll(List.of("unshare", "--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"));
        if (!System.getProperty("user.name").equals("root")) {
            command.addAll(List.of("--user", "--map-root-user"));
        }
        command.addAll(List.of("bash", script.toString(), scratch.toRealPath().toString()));
        command.addAll(List.of(layout.toString(), project.toString()));
        command.addAll(documents);
        Path log = scratch.resolve("script.log");
        var builder = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String javaHome = System.getProperty("java.home");
        builder.environment().put("JAVA_HOME", javaHome);
        builder.environment().put("LC_ALL", "C.UTF-8");
        builder.environment().merge("PATH", javaHome + "/bin:/usr/sbin:/sbin", (path, more) -> path + ":" + more);
        Process process = builder.start();
        try {
            if (!process.waitFor(MAX_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("still running: " + Files.readString(log));
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        String said = Files.readString(log);
        assumeTrue(process.exitValue() != SKIP && !said.startsWith("unshare: "), () -> "no namespaces here: " + said);
        if (process.exitValue() != 0) {
            throw new AssertionError("exit code " + process.exitValue() + ": " + said);
        }
    }

    private static Result result(Step step, Path script) throws IOException {
        String base = script.toString().replaceFirst("\\.sh$", "");
        return new Result(step, Integer.parseInt(read(base + ".rc").strip()), read(base + ".out"), read(base + ".err"));
    }

    private static String read(String file) throws IOException {
        return new String(Files.readAllBytes(Path.of(file)), StandardCharsets.UTF_8);
    }
}
