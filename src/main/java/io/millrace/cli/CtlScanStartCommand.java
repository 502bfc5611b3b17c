// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.BytePath;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.telemetry.ScansMXBean;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
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
            "Scan a configured source now, or absolute paths below the service's roots.",
            "",
            "A single word without a slash is a source; the options are for paths.",
            ""
        },
        footer = {
            "",
            "Example:",
            "  millrace ctl scan start backups",
            "  millrace ctl scan start --digest sha256 --worker index /srv/backups/new"
        })
final class CtlScanStartCommand implements Callable<Integer> {
    @ParentCommand
    private CtlScanCommand scan;

    @Spec
    private CommandSpec spec;

    @Option(names = "--digest", split = ",", paramLabel = "D", description = "What to compute of each file.")
    private List<DigestAlgorithm> digests = List.of();

    @Option(names = "--worker", paramLabel = "NAME", description = "A configured worker that gets every byte.")
    private List<String> workers = List.of();

    @Option(names = "--cache", paramLabel = "neutral|drop|keep", description = "What may become of the page cache.")
    private @Nullable CachePolicy cache;

    @Option(names = "--rate", paramLabel = "R", description = "At most so many bytes a second, such as 200MiB.")
    private @Nullable String rate;

    @Parameters(arity = "1..*", paramLabel = "SOURCE|PATH", description = "A source's name, or absolute paths.")
    private List<String> named = List.of();

    @Override
    public Integer call() throws IOException {
        CtlCommand ctl = scan.ctl();
        if (named.size() == 1 && !named.get(0).contains("/")) {
            if (!digests.isEmpty() || !workers.isEmpty() || cache != null || rate != null) {
                throw new ParameterException(
                        spec.commandLine(), "options are for paths; what is done with a source is configured");
            }
            return ctl.tell(client -> "started scan " + client.scans().start(named.get(0)));
        }
        for (String path : named) {
            if (!path.startsWith("/")) {
                throw new ParameterException(
                        spec.commandLine(), "'" + BytePath.of(path) + "' is not an absolute path, nor the one source");
            }
        }
        return ctl.tell(client -> "started scan " + start(client.scans()));
    }

    private String start(ScansMXBean scans) {
        List<String> words = new ArrayList<>();
        digests.forEach(digest -> words.add(digest.words()));
        CachePolicy policy = cache == null ? CachePolicy.NEUTRAL : cache;
        return scans.startPaths(
                named.toArray(String[]::new),
                words.toArray(String[]::new),
                workers.toArray(String[]::new),
                policy.name().toLowerCase(Locale.ROOT),
                rate == null ? "none" : rate);
    }
}
