// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.ExitCode;
import java.io.IOException;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl pool}. */
final class CtlPoolCommand extends CtlGroup {
    CtlPoolCommand(CtlConnection ctl) {
        super(ctl, "list", "claim", "refill", "resize");
    }

    CommandSpec spec() {
        return spec(
                "pool",
                "Show the pools, take files from them, fill and resize them.",
                "  millrace ctl pool claim wal /srv/wal/000123");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "list" -> list();
            case "claim" -> claim();
            case "refill" -> refill();
            case "resize" -> resize();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Argument<String> pool() {
        return Argument.parameter("POOL", String.class, "The pool's name.");
    }

    private CommandSpec list() {
        var listing = new CtlListing();
        return new CommandBuilder(
                        "list",
                        () -> listing.print(
                                ctl(), client -> client.preallocator().getPools(), CtlFormats.POOLS))
                .description("Show every pool.")
                .examples("  millrace ctl pool list --json")
                .add(listing.argument())
                .build();
    }

    private CommandSpec claim() {
        var pool = pool();
        var destination = Argument.parameter("TO", String.class, "A path below the roots, or a directory there.");
        var order = new CtlAction();
        return new CommandBuilder("claim", () -> claim(pool.get(), CtlPaths.absolute(destination.get()), order))
                .description("Claim a ready file: rename it to TO, never replacing a file; prints the new name.")
                .examples("  millrace ctl pool claim wal /srv/wal/000123")
                .add(pool, destination, order.argument())
                .build();
    }

    private int claim(String pool, String destination, CtlAction order) throws IOException {
        order.get(
                ctl(),
                client -> client.preallocator().claim(pool, destination),
                "claim",
                "path",
                path -> "claimed " + path + " from pool " + pool);
        return ExitCode.DONE;
    }

    private CommandSpec refill() {
        var pool = pool();
        var order = new CtlAction();
        return new CommandBuilder(
                        "refill",
                        () -> order.tell(ctl(), client -> client.preallocator().refill(pool.get())))
                .description("Fill a pool now, without waiting for the next retry.")
                .examples("  millrace ctl pool refill wal")
                .add(pool, order.argument())
                .build();
    }

    private CommandSpec resize() {
        var pool = pool();
        var ready = Argument.parameter("READY", Integer.class, "How many files to keep.");
        var order = new CtlAction();
        return new CommandBuilder(
                        "resize",
                        () -> order.tell(ctl(), client -> client.preallocator().resize(pool.get(), ready.get())))
                .description("Change how many files a pool keeps, until its configuration changes.")
                .examples("  millrace ctl pool resize wal 16")
                .add(pool, ready, order.argument())
                .build();
    }
}
