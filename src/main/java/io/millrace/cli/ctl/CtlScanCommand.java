// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.jmx.beans.ScansMXBean;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl scan}. */
final class CtlScanCommand extends CtlGroup {
    /** A command for one scan. */
    private interface Order {
        String of(ScansMXBean scans, String id) throws IOException;
    }

    CtlScanCommand(CtlConnection ctl) {
        super(ctl, "start", "list", "show", "pause", "resume", "cancel", "rate");
    }

    CommandSpec spec() {
        return spec("scan", "Start scans in the service, show and steer them.", "  millrace ctl scan start backups");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "start" -> CtlScanStartCommand.spec(ctl());
            case "list" -> list();
            case "show" -> show();
            case "pause" -> order(name, ScansMXBean::pause, "Hold a scan at its next read.");
            case "resume" -> order(name, ScansMXBean::resume, "Let a scan go on.");
            case "cancel" -> order(name, ScansMXBean::cancel, "End a scan at its next read.");
            case "rate" -> rate();
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Argument<String> scan() {
        return Argument.parameter("SCAN", String.class, "The scan's id.");
    }

    private CommandSpec order(String name, Order what, String description) {
        var id = scan();
        var order = new CtlAction();
        return new CommandBuilder(name, () -> order.tell(ctl(), client -> what.of(client.scans(), id.get())))
                .description(description)
                .examples("  millrace ctl scan " + name + " backups-3")
                .add(id, order.argument())
                .build();
    }

    private CommandSpec list() {
        var listing = new CtlListing();
        return new CommandBuilder(
                        "list",
                        () -> listing.print(ctl(), client -> client.scans().getScans(), CtlFormats.SCANS))
                .description("Show the scans under way, and the last that are over.")
                .examples("  millrace ctl scan list --json")
                .add(listing.argument())
                .build();
    }

    private CommandSpec show() {
        var id = scan();
        var listing = new CtlListing();
        return new CommandBuilder("show", () -> show(id.get(), listing))
                .description("Show all that is known of one scan.")
                .examples("  millrace ctl scan show backups-3")
                .add(id, listing.argument())
                .build();
    }

    private int show(String id, CtlListing listing) throws IOException {
        String[] results = {""};
        ControlClient.Question<ScanInfo[]> question = client -> {
            results[0] = client.daemon().getResultsDirectory();
            return new ScanInfo[] {client.scans().show(id)};
        };
        return listing.print(
                ctl(),
                question,
                client -> new String[] {client.scans().showJson(id)},
                "scan",
                scans -> CtlScanDetails.lines(scans[0], results[0]));
    }

    private CommandSpec rate() {
        var total = Argument.flag("--total", "All scans together; no SCAN is given then.");
        var words = Argument.parameters("1..2", "SCAN RATE", String.class, "The scan's id, and a size or none.");
        var order = new CtlAction();
        return new CommandBuilder("rate", () -> {
                    List<String> given = words.get();
                    if (given.size() != (total.get() ? 1 : 2)) {
                        throw words.refused(total.get() ? "--total needs a rate only" : "give a scan and a rate");
                    }
                    return order.tell(
                            ctl(),
                            client -> total.get()
                                    ? client.scans().totalRate(given.get(0))
                                    : client.scans().rate(given.get(0), given.get(1)));
                })
                .description(
                        "Limit a scan, or with --total all of them together, at once.",
                        "The latter holds until the configuration names another rate for all.")
                .examples("  millrace ctl scan rate backups-3 100MiB", "  millrace ctl scan rate --total none")
                .add(total, words, order.argument())
                .build();
    }
}
