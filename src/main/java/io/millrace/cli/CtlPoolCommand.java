// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code millrace ctl pool}. */
@Command(
        name = "pool",
        description = "Show the pools, take files from them, fill and resize them.",
        footer = {"", "Example:", "  millrace ctl pool claim wal /srv/wal/000123"})
final class CtlPoolCommand extends CtlGroup {
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show every pool.",
            footer = {"", "Example:", "  millrace ctl pool list --json"})
    int list(@Mixin CtlListing listing) throws IOException {
        return listing.print(ctl(), client -> client.preallocator().getPools(), CtlForms.POOLS);
    }

    @Command(
            name = "claim",
            mixinStandardHelpOptions = true,
            description = "Take a ready file and give it another name, never in place of another; prints that name.",
            footer = {"", "Example:", "  millrace ctl pool claim wal /srv/wal/000123"})
    int claim(
            @Parameters(paramLabel = "POOL", description = "The pool's name.") String pool,
            @Parameters(paramLabel = "TO", description = "A path below the roots, or a directory there.")
                    String destination,
            @Mixin CtlOrder order)
            throws IOException {
        String absolute = CtlPaths.absolute(destination);
        order.get(
                ctl(),
                client -> client.preallocator().claim(pool, absolute),
                "claim",
                "path",
                path -> "claimed " + path + " from pool " + pool);
        return ExitCode.DONE;
    }

    @Command(
            name = "refill",
            mixinStandardHelpOptions = true,
            description = "Fill a pool now, whatever was to be waited for.",
            footer = {"", "Example:", "  millrace ctl pool refill wal"})
    int refill(@Parameters(paramLabel = "POOL", description = "The pool's name.") String pool, @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.preallocator().refill(pool));
    }

    @Command(
            name = "resize",
            mixinStandardHelpOptions = true,
            description = "Change how many files a pool keeps, until its configuration changes.",
            footer = {"", "Example:", "  millrace ctl pool resize wal 16"})
    int resize(
            @Parameters(paramLabel = "POOL", description = "The pool's name.") String pool,
            @Parameters(paramLabel = "READY", description = "How many files to keep.") int ready,
            @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.preallocator().resize(pool, ready));
    }
}
