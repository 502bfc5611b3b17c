// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.ShowMode;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.telemetry.jmx.beans.ScansMXBean;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.units.EnumLabels;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl scan start}. */
final class CtlScanStartCommand implements Callable<Integer> {
    private final CtlConnection ctl;

    private final Argument<List<DigestAlgorithm>> digests =
            Argument.options("--digest", "D", new EnumParser.Digests(), "What to compute of each file.");

    private final Argument<List<String>> workers =
            Argument.options("--worker", "NAME", String.class, "A configured worker that gets every byte.");

    private final Argument<CachePolicy> cache = Argument.option(
            "--cache", "neutral|drop|keep", new EnumParser.Policies(), "What may become of the page cache.");

    private final Argument<String> rate =
            Argument.option("--rate", "R", String.class, "At most so many bytes a second, such as 200MiB.");

    private final Argument<Boolean> wait = Argument.flag(
            "--wait", "Return when the scan is over: 0 if every file was read and every worker content, else 1.");

    private final Argument<ShowMode> progress = Argument.option(
                    "--progress",
                    "auto|always|never",
                    new EnumParser.Whens(),
                    "With --wait, a progress bar on standard error; auto: on a terminal.")
            .or(ShowMode.AUTO);

    private final CtlAction order = new CtlAction();

    private final Argument<List<String>> named =
            Argument.parameters("1..*", "SOURCE|PATH", String.class, "A source's name, or paths with a slash in them.");

    /** The path of the results, known once the scan has started. */
    private String results = "";

    private CtlScanStartCommand(CtlConnection ctl) {
        this.ctl = ctl;
    }

    static CommandSpec spec(CtlConnection ctl) {
        var command = new CtlScanStartCommand(ctl);
        return new CommandBuilder("start", command)
                .description(
                        "Scan a configured source now, or absolute paths below the service's roots; prints the scan's id.",
                        "",
                        "A single word without a slash is a source; digests, workers, cache and rate are for paths.",
                        "")
                .examples(
                        "  millrace ctl scan start --wait backups",
                        "  millrace ctl scan start --digest sha256 --worker index /srv/backups/new")
                .add(command.digests, command.workers, command.cache, command.rate, command.wait, command.progress)
                .add(command.order.argument(), command.named)
                .build();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ControlClient.Question<String> start = question();
        if (wait.get()) {
            return new CtlScanWait(ctl, order, progress.get()).run(start, () -> results);
        }
        order.get(ctl, start, "start", "id", id -> "started scan " + id + "; results: " + results);
        return ExitCode.DONE;
    }

    /** Starts the scan and determines the path of its results. */
    private ControlClient.Question<String> question() {
        ControlClient.Question<String> start = start();
        String source = isSource() ? named.get().get(0) : null;
        return client -> {
            String id = start.ask(client);
            results = CtlFormats.results(client.daemon().getResultsDirectory(), source) + ", once it has finished";
            return id;
        };
    }

    private boolean isSource() {
        return named.get().size() == 1 && !named.get().get(0).contains("/");
    }

    private ControlClient.Question<String> start() {
        if (isSource()) {
            if (digests.isGiven() || workers.isGiven() || cache.isGiven() || rate.isGiven()) {
                throw named.refused(
                        "digests, workers, cache and rate are for paths; what is done with a source is configured");
            }
            return client -> client.scans().start(named.get().get(0));
        }
        for (String path : named.get()) {
            if (!path.contains("/")) {
                throw named.refused("'" + BytePath.of(path) + "' is neither the one source nor a path with a slash");
            }
        }
        return client -> start(client.scans());
    }

    private String start(ScansMXBean scans) throws IOException {
        CachePolicy policy = cache.isGiven() ? cache.get() : CachePolicy.NEUTRAL;
        return scans.startPaths(
                named.get().stream().map(CtlPaths::absolute).toArray(String[]::new),
                digests.get().stream().map(DigestAlgorithm::label).toArray(String[]::new),
                workers.get().toArray(String[]::new),
                EnumLabels.of(policy),
                rate.isGiven() ? rate.get() : "none");
    }
}
