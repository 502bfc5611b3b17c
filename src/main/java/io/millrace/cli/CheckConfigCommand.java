// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.daemon.PathChecks;
import io.millrace.posix.BytePath;
import io.millrace.prealloc.PathExposure;
import io.millrace.prealloc.PoolSpec;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code millrace check-config}: says what is wrong with a configuration file, all of it. */
@Command(
        name = "check-config",
        mixinStandardHelpOptions = true,
        description = {
            "Check a configuration file, and name every problem with its line and key.",
            "A path that does not answer within 3s, as on a mount that hangs, is named and taken as it is:",
            "the service would start with it as well."
        },
        footer = {"", "Example:", "  millrace check-config /etc/millrace/millrace.yaml"})
final class CheckConfigCommand implements Callable<Integer> {
    private static final int PATIENCE_SECONDS = 2;

    @ParentCommand
    private Main main;

    @Parameters(paramLabel = "F", description = "The configuration file.")
    private BytePath file;

    @Override
    public Integer call() throws IOException {
        var checks = new PathChecks(main.posix(), PathChecks.AT_RELOAD);
        var configuration = ConfigurationInput.read(main.posix(), file, checks);
        checks.unanswered().forEach(path -> main.console().say("not checked: " + path));
        warn(configuration.pools().values());
        main.console()
                .say(file + ": good, with " + count(configuration.pools(), "pool") + ", "
                        + count(configuration.workers(), "worker") + " and "
                        + count(configuration.sources(), "source"));
        return ExitCode.DONE;
    }

    /** Asks for all pools at once. A path on a mount that hangs is given up: the thread that asks is left to end with the process. */
    private void warn(Collection<PoolSpec> pools) {
        var exposure =
                new PathExposure(main.posix().files(), main.posix().process().effectiveUser());
        Map<PoolSpec, CompletableFuture<Optional<String>>> answers = new LinkedHashMap<>();
        for (PoolSpec pool : pools) {
            var who = new CompletableFuture<Optional<String>>();
            answers.put(pool, who.completeOnTimeout(Optional.empty(), PATIENCE_SECONDS, TimeUnit.SECONDS));
            var asking = new Thread(() -> who.complete(exposure.of(pool.directory())), "millrace-path");
            asking.setDaemon(true);
            asking.start();
        }
        answers.forEach((pool, who) -> who.join()
                .ifPresent(words -> main.console()
                        .say(file + ": warning: pools." + pool.name() + ".directory: "
                                + pool.directory().display() + ": " + words)));
    }

    private static String count(Map<String, ?> named, String noun) {
        return named.size() + " " + noun + (named.size() == 1 ? "" : "s");
    }
}
