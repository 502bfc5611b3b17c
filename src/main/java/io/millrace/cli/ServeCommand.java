// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.Version;
import io.millrace.cli.options.ConfigurationInput;
import io.millrace.cli.output.Invocation;
import io.millrace.daemon.Service;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.daemon.config.PathChecks;
import io.millrace.lifecycle.AbandonableCalls;
import io.millrace.lifecycle.ServiceSignals.Wish;
import io.millrace.lifecycle.ServiceSignals;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeCall;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace serve}: runs the service until it is asked to stop. */
final class ServeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(20);

    private static final Duration COMPLAIN_AFTER = Duration.ofSeconds(5);
    private static final Duration COMPLAIN_EVERY = Duration.ofMinutes(1);

    /** 2 seconds in total. */
    private static final int MAX_POLLS_AFTER_STOP = 100;

    private final Invocation invocation;
    private final Argument<BytePath> file = Argument.option(
            "--config",
            "F",
            BytePath.class,
            "Default: /etc/millrace/millrace.yaml, in a source tree config/millrace.yaml.");

    private ServeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new ServeCommand(invocation);
        return new CommandBuilder("serve", command)
                .description(
                        "Keep pools full, scan sources on schedule, and let both be watched and steered.",
                        "SIGHUP reads the configuration again, SIGTERM stops.")
                .examples("  millrace serve --config /etc/millrace/millrace.yaml")
                .add(command.file)
                .build();
    }

    @Override
    public Integer call() throws Exception {
        var signals = ServiceSignals.ofProcess(Invocation::endAtOnce);
        Service.hideMemory(invocation.posix());
        var starting = new FutureTask<>(() -> start(signals));
        Thread thread = AbandonableCalls.start("millrace-start", starting);
        Service started = await(starting, thread, signals);
        if (started == null) {
            invocation.console().say("stopped while it started");
            return signals.exitCode();
        }
        try (var service = started) {
            service.run();
        }
        return signals.exitCode();
    }

    /**
     * Runs on its own thread, because the configuration file, or a path that it names, may lie on a mount that hangs.
     */
    private Service start(ServiceSignals signals) throws IOException {
        BytePath chosen = file.isGiven() ? file.get() : ConfigurationFile.defaultPath();
        var checks = new PathChecks(invocation.posix(), PathChecks.AT_START);
        var configuration = ConfigurationInput.read(invocation.posix(), chosen, checks);
        checks.warn();
        return Service.start(invocation.posix(), chosen, configuration, signals, Version.number());
    }

    /** Returns null if a stop is requested first and the start does not end soon. */
    private @Nullable Service await(FutureTask<Service> starting, Thread thread, ServiceSignals signals)
            throws Exception {
        boolean stop = false;
        boolean reload = false;
        int polls = 0;
        long complainAtNanos = System.nanoTime() + COMPLAIN_AFTER.toNanos();
        while (!starting.isDone() && polls < MAX_POLLS_AFTER_STOP) {
            if (System.nanoTime() - complainAtNanos > 0 && !stop) {
                complainAtNanos += COMPLAIN_EVERY.toNanos();
                String call = NativeCall.of(thread)
                        .map(name -> ": no reply from the kernel to " + name)
                        .orElse("");
                invocation.console().warn("still starting" + call);
            }
            Optional<Wish> wish = signals.await(POLL);
            stop |= wish.equals(Optional.of(Wish.STOP));
            reload |= wish.equals(Optional.of(Wish.RELOAD));
            polls += stop ? 1 : 0;
        }
        if (!starting.isDone()) {
            return null;
        }
        if (stop || reload) { // the request arrived before the service handled requests
            signals.ask(stop ? Wish.STOP : Wish.RELOAD);
        }
        try {
            return starting.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw e.getCause() instanceof Exception why ? why : e;
        }
    }
}
