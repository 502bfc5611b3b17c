// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.telemetry.ScanFacts;
import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code millrace ctl scan}. */
@Command(
        name = "scan",
        description = "Start scans in the service, show and steer them.",
        subcommands = CtlScanStartCommand.class,
        footer = {"", "Example:", "  millrace ctl scan start backups"})
final class CtlScanCommand extends CtlGroup {
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show the scans under way, and the last that are over.",
            footer = {"", "Example:", "  millrace ctl scan list --json"})
    int list(@Mixin CtlListing listing) throws IOException {
        return listing.print(ctl(), client -> client.scans().getScans(), CtlForms.SCANS);
    }

    @Command(
            name = "show",
            mixinStandardHelpOptions = true,
            description = "Show all that is known of one scan.",
            footer = {"", "Example:", "  millrace ctl scan show backups-3"})
    int show(@Parameters(paramLabel = "SCAN", description = "The scan's id.") String id, @Mixin CtlListing listing)
            throws IOException {
        String[] results = {""};
        return listing.print(
                ctl(),
                client -> {
                    results[0] = client.daemon().getResultsDirectory();
                    return new ScanFacts[] {client.scans().show(id)};
                },
                CtlForms.SCANS,
                scans -> CtlScanDetails.lines(scans[0], results[0]));
    }

    @Command(
            name = "pause",
            mixinStandardHelpOptions = true,
            description = "Hold a scan at its next read.",
            footer = {"", "Example:", "  millrace ctl scan pause backups-3"})
    int pause(@Parameters(paramLabel = "SCAN", description = "The scan's id.") String id, @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.scans().pause(id));
    }

    @Command(
            name = "resume",
            mixinStandardHelpOptions = true,
            description = "Let a scan go on.",
            footer = {"", "Example:", "  millrace ctl scan resume backups-3"})
    int resume(@Parameters(paramLabel = "SCAN", description = "The scan's id.") String id, @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.scans().resume(id));
    }

    @Command(
            name = "cancel",
            mixinStandardHelpOptions = true,
            description = "End a scan at its next read.",
            footer = {"", "Example:", "  millrace ctl scan cancel backups-3"})
    int cancel(@Parameters(paramLabel = "SCAN", description = "The scan's id.") String id, @Mixin CtlOrder order)
            throws IOException {
        return order.tell(ctl(), client -> client.scans().cancel(id));
    }

    @Command(
            name = "rate",
            mixinStandardHelpOptions = true,
            description = {
                "Limit a scan, or with --total all of them together, at once.",
                "The latter holds until the configuration names another rate for all."
            },
            footer = {
                "",
                "Example:",
                "  millrace ctl scan rate backups-3 100MiB",
                "  millrace ctl scan rate --total none"
            })
    int rate(
            @Option(names = "--total", description = "All scans together; no SCAN is given then.") boolean total,
            @Parameters(arity = "1..2", paramLabel = "SCAN RATE", description = "The scan's id, and a size or none.")
                    String[] words,
            @Mixin CtlOrder order)
            throws IOException {
        if (words.length != (total ? 1 : 2)) {
            throw wrongUsage("rate", total ? "--total needs a rate only" : "give a scan and a rate");
        }
        return order.tell(
                ctl(),
                client -> total
                        ? client.scans().totalRate(words[0])
                        : client.scans().rate(words[0], words[1]));
    }
}
