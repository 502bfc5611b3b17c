// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.BytePath;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.telemetry.ControlClient;
import io.millrace.telemetry.ScansMXBean;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace ctl scan start}. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Scan a configured source now, or absolute paths below the service's roots; prints the scan's id.",
            "",
            "A single word without a slash is a source; digests, workers, cache and rate are for paths.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  millrace ctl scan start --wait backups",
            "  millrace ctl scan start --digest sha256 --worker index /srv/backups/new"
        })
final class CtlScanStartCommand implements Callable<Integer> {
    @ParentCommand
    private CtlScanCommand scan;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--digest",
            split = ",",
            paramLabel = "D",
            converter = EnumWords.Digests.class,
            completionCandidates = EnumWords.Digests.class,
            description = "What to compute of each file.")
    private List<DigestAlgorithm> digests = List.of();

    @Option(names = "--worker", paramLabel = "NAME", description = "A configured worker that gets every byte.")
    private List<String> workers = List.of();

    @Option(
            names = "--cache",
            paramLabel = "neutral|drop|keep",
            converter = EnumWords.Policies.class,
            completionCandidates = EnumWords.Policies.class,
            description = "What may become of the page cache.")
    private @Nullable CachePolicy cache;

    @Option(names = "--rate", paramLabel = "R", description = "At most so many bytes a second, such as 200MiB.")
    private @Nullable String rate;

    @Option(
            names = "--wait",
            description = "Return when the scan is over: 0 if every file was read and every worker content, else 1.")
    private boolean wait;

    @Option(
            names = "--progress",
            paramLabel = "auto|always|never",
            converter = EnumWords.Whens.class,
            completionCandidates = EnumWords.Whens.class,
            description = "With --wait, a progress bar on standard error; auto: on a terminal.")
    private When progress = When.AUTO;

    @Mixin
    private CtlOrder order;

    @Parameters(
            arity = "1..*",
            paramLabel = "SOURCE|PATH",
            description = "A source's name, or paths with a slash in them.")
    private List<String> named = List.of();

    /** Where they will be, once the scan has been started. */
    private String results = "";

    @Override
    public Integer call() throws IOException, InterruptedException {
        CtlCommand ctl = scan.ctl();
        ControlClient.Question<String> start = question();
        if (wait) {
            return new CtlScanWait(ctl, order, progress).run(start, () -> results);
        }
        order.get(ctl, start, "start", "id", id -> "started scan " + id + "; results: " + results);
        return ExitCode.DONE;
    }

    /** Starts the scan, and finds out where its results will be. */
    private ControlClient.Question<String> question() {
        ControlClient.Question<String> start = start();
        String source = isSource() ? named.get(0) : null;
        return client -> {
            String id = start.ask(client);
            results = CtlForms.results(client.daemon().getResultsDirectory(), source) + ", once it has finished";
            return id;
        };
    }

    private boolean isSource() {
        return named.size() == 1 && !named.get(0).contains("/");
    }

    private ControlClient.Question<String> start() {
        if (isSource()) {
            if (!digests.isEmpty() || !workers.isEmpty() || cache != null || rate != null) {
                throw new ParameterException(
                        spec.commandLine(),
                        "digests, workers, cache and rate are for paths; what is done with a source is configured");
            }
            return client -> client.scans().start(named.get(0));
        }
        for (String path : named) {
            if (!path.contains("/")) {
                throw new ParameterException(
                        spec.commandLine(),
                        "'" + BytePath.of(path) + "' is neither the one source nor a path with a slash");
            }
        }
        return client -> start(client.scans());
    }

    private String start(ScansMXBean scans) throws IOException {
        CachePolicy policy = cache == null ? CachePolicy.NEUTRAL : cache;
        return scans.startPaths(
                named.stream().map(CtlPaths::absolute).toArray(String[]::new),
                digests.stream().map(DigestAlgorithm::words).toArray(String[]::new),
                workers.toArray(String[]::new),
                policy.name().toLowerCase(Locale.ROOT),
                rate == null ? "none" : rate);
    }
}
