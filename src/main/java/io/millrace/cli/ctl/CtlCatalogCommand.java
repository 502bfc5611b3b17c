// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.Colours;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.Table;
import io.millrace.telemetry.CatalogInfo;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.units.Durations;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl catalog}. */
final class CtlCatalogCommand extends CtlGroup {
    private static final double WHOLE = 100;

    CtlCatalogCommand(CtlConnection ctl) {
        super(ctl, "status", "acknowledge");
    }

    CommandSpec spec() {
        return spec(
                "catalog",
                "Show what was verified on the device, and which files are corrupt; end their alarm.",
                "  millrace ctl catalog status");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return name.equals("status") ? status() : acknowledge();
    }

    private CommandSpec status() {
        Argument<Boolean> json = Argument.json();
        return new CommandBuilder("status", () -> status(json.get()))
                .description(
                        "Show the service's catalog: what was verified on the device, whether verify-within of each source is"
                                + " kept, and which files are not what was recorded.",
                        "Exit code 1 where there are such files that nobody has acknowledged, or where it is not open.")
                .examples("  millrace ctl catalog status --json")
                .add(json)
                .build();
    }

    /** Everything is read while the service is connected. */
    private record Answer(boolean isGood, List<String> lines, List<String> json) {}

    private int status(boolean isJson) throws IOException {
        Answer answer = ctl().ask(client -> {
            CatalogInfo now = client.catalog();
            boolean good = now.getCorruptFiles() == 0 && !now.getState().equals("failed");
            return new Answer(good, lines(now), List.of(client.daemon().json("catalog")));
        });
        boolean isGood = answer.isGood();
        try (var out = ctl().results()) {
            if (isJson) {
                CtlListing.write(out, answer.json().toArray(String[]::new));
                new JsonLines(out).object("summary", summary -> summary.writeBooleanField("good", isGood));
            } else {
                int columns = CtlListing.columns(ctl().invocation());
                var colours = Colours.of(ctl().invocation());
                for (String line : answer.lines()) {
                    for (String part : Table.wrap(line, columns)) {
                        out.line(colours.paint(part));
                    }
                }
            }
        }
        return isGood ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private static List<String> lines(CatalogInfo now) {
        var lines = new ArrayList<String>();
        if (now.getState().equals("off")) {
            lines.add("no catalog: the configuration names none, and no source needs one");
            return lines;
        }
        lines.add("catalog " + now.getDatabase() + ": " + now.getState()
                + (now.getReason() == null ? "" : ": " + now.getReason()));
        Long files = now.getFiles();
        Long bytes = now.getFileBytes();
        Long verified = now.getDeviceVerifiedBytes();
        if (files != null && bytes != null && verified != null) {
            lines.add(DisplayFormat.count(files, "file") + ", " + DisplayFormat.bytes(bytes) + ", of which "
                    + DisplayFormat.bytes(verified) + " were verified on the device at least once");
        }
        String backup = now.getLastBackup();
        lines.add("last backup: " + (backup == null ? "none" : CtlFormats.time(backup))
                + (now.getBackupProblem() == null ? "" : "; failed since: " + now.getBackupProblem()));
        lines.addAll(List.of(now.getNotices()));
        for (CatalogInfo.CoverageInfo source : now.getCoverage()) {
            lines.add(coverage(source));
        }
        for (CatalogInfo.AlarmInfo alarm : now.getAlarms()) {
            lines.add(alarm.getPath() + ": " + alarm.getVerdict() + (alarm.isAcknowledged() ? ", acknowledged" : "")
                    + "; " + alarm.getAdvice());
        }
        return lines;
    }

    private static String coverage(CatalogInfo.CoverageInfo source) {
        String within = Durations.format(Duration.ofSeconds(source.getVerifyWithinSeconds()));
        String oldest = source.getOldestVerified();
        Integer nights = source.getBreaksInNights();
        return "source " + source.getSource() + ": "
                + String.format(
                        Locale.ROOT,
                        "%.1f %% of %s verified on the device within %s",
                        source.getBytes() == 0 ? 0 : WHOLE * source.getVerifiedBytes() / source.getBytes(),
                        DisplayFormat.bytes(source.getBytes()),
                        within)
                + (oldest == null ? "" : ", the oldest " + CtlFormats.time(oldest))
                + (nights == null
                        ? ""
                        : nights == 0 ? "; broken" : "; will be broken in " + DisplayFormat.count(nights, "night"))
                + (source.getForecast() == null ? "" : ": " + source.getForecast());
    }

    private CommandSpec acknowledge() {
        var path =
                Argument.parameter("PATH", String.class, "An absolute path: a file, or a directory with all below it.");
        var order = new CtlAction();
        return new CommandBuilder(
                        "acknowledge",
                        () -> order.tell(ctl(), client -> client.catalog().acknowledge(path.get())))
                .description(
                        "End the alarm of corrupt files: page, status and metric are quiet about them.",
                        "What is recorded of a file stays as it is, and the alarm comes back if the finding becomes another."
                                + " To have its content taken for the good one: millrace catalog accept.")
                .examples("  millrace ctl catalog acknowledge /srv/data/file")
                .add(path, order.argument())
                .build();
    }
}
