// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.Colours;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.cli.output.Table;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.ProblemInfo;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.WorkerInfo;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace ctl status}. */
final class CtlStatusCommand implements Callable<Integer> {
    private static final long REDRAW_MILLIS = 1000;
    private static final long PATIENCE_MILLIS = 50;

    private final CtlConnection ctl;
    private final Argument<Boolean> json = Argument.json();

    private final Argument<Boolean> watch = Argument.flag(
            "--watch", "Once a second until SIGINT: in place on a terminal that can, else one below the other.");

    private CtlStatusCommand(CtlConnection ctl) {
        this.ctl = ctl;
    }

    static CommandSpec spec(CtlConnection ctl) {
        var command = new CtlStatusCommand(ctl);
        return new CommandBuilder("status", command)
                .description("Show how the service is: scans under way, pools, sources and workers.")
                .examples("  millrace ctl status --watch")
                .add(command.json, command.watch)
                .build();
    }

    /** The statuses, all read at about the same time. */
    private record Snapshot(
            String version,
            String started,
            boolean ready,
            String statusLine,
            ProblemInfo[] problems,
            ScanInfo[] scans,
            PoolInfo[] pools,
            SourceInfo[] sources,
            WorkerInfo[] workers) {
        static Snapshot of(ControlClient client) {
            var daemon = client.daemon();
            ScanInfo[] active = Arrays.stream(client.scans().getScans())
                    .filter(scan -> scan.getEnded() == null)
                    .toArray(ScanInfo[]::new);
            return new Snapshot(
                    daemon.getVersion(),
                    daemon.getStarted(),
                    daemon.isReady(),
                    daemon.getStatusLine(),
                    daemon.getProblems(),
                    active,
                    client.preallocator().getPools(),
                    daemon.getSources(),
                    daemon.getWorkers());
        }
    }

    @Override
    public Integer call() throws IOException {
        Invocation invocation = ctl.invocation();
        boolean redraws = watch.get() && !json.get() && invocation.canRedraw(OwnedFd.standardOutput());
        try (var client = ctl.connect();
                var out = ctl.results()) {
            int drawn = 0;
            do {
                if (json.get()) {
                    CtlListing.write(
                            out,
                            CtlConnection.ask(client, asked -> asked.daemon().json("status")));
                } else {
                    drawn = draw(out, CtlConnection.ask(client, Snapshot::of), redraws, drawn);
                }
                out.flush();
            } while (watch.get() && waited(invocation));
        }
        return watch.get() ? invocation.stop().exitCode() : ExitCode.DONE;
    }

    private boolean waited(Invocation invocation) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(REDRAW_MILLIS);
        try {
            while (!invocation.stop().isRequested() && System.nanoTime() < end) {
                TimeUnit.MILLISECONDS.sleep(PATIENCE_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return !invocation.stop().isRequested();
    }

    /**
     * Redraws over the previous lines: moves up, and clears each line to its end. Returns the number of lines drawn.
     */
    private int draw(ResultStream out, Snapshot now, boolean redraws, int drawn) throws IOException {
        int columns = CtlListing.columns(ctl.invocation());
        var colours = Colours.of(ctl.invocation());
        if (!redraws) {
            for (String line : lines(now, columns)) {
                out.line(colours.paint(Table.clip(line, columns)));
            }
            return 0;
        }
        List<String> shown = fitting(lines(now, columns - 1));
        var text = new StringBuilder(drawn > 0 ? "\033[" + drawn + "A\r" : "");
        for (String line : shown) {
            // One cell fewer, because terminals differ in how they wrap at the last one.
            text.append(colours.paint(Table.clip(line, columns - 1))).append("\033[K\n");
        }
        out.write(text.append("\033[J").toString().getBytes(StandardCharsets.UTF_8));
        return shown.size();
    }

    /** Lines that scrolled off the top of the terminal could not be redrawn. */
    private List<String> fitting(List<String> lines) {
        int rows = ctl.invocation()
                .posix()
                .terminals()
                .rows(OwnedFd.standardOutput())
                .orElse(Integer.MAX_VALUE);
        int room = Math.max(2, rows - 1); // the cursor occupies the last row
        if (lines.size() <= room) {
            return lines;
        }
        List<String> shown = new ArrayList<>(lines.subList(0, room - 1));
        shown.add("(" + (lines.size() - room + 1) + " more lines; without --watch all are shown)");
        return shown;
    }

    /** Problems come first and are not shortened, because a terminal may have room for no more. */
    private static List<String> lines(Snapshot now, int columns) {
        int count = now.problems().length;
        String how = count == 0 ? now.statusLine() : DisplayFormat.count(count, "problem");
        List<String> lines = new ArrayList<>(Table.wrap(
                "millrace " + now.version() + ", " + (now.ready() ? "ready" : "not ready") + ", since "
                        + CtlFormats.time(now.started()) + ": " + how,
                columns));
        for (ProblemInfo problem : now.problems()) {
            lines.addAll(Table.wrap("  " + problem.getText(), columns));
        }
        add(lines, CtlListing.table(now.scans(), CtlFormats.SCANS), columns, listed(now, "scan"));
        add(lines, CtlListing.table(now.pools(), CtlFormats.POOLS), columns, listed(now, "pool"));
        add(lines, CtlListing.table(now.sources(), CtlFormats.SOURCES), columns, listed(now, "source"));
        add(lines, CtlListing.table(now.workers(), CtlFormats.WORKERS), columns, listed(now, "worker"));
        return lines;
    }

    private static Set<String> listed(Snapshot now, String kind) {
        return Arrays.stream(now.problems())
                .filter(problem -> problem.getKind().equals(kind))
                .map(ProblemInfo::getName)
                .collect(Collectors.toSet());
    }

    private static void add(List<String> lines, Table table, int columns, Set<String> listed) {
        if (!table.rows().isEmpty()) {
            lines.add("");
            lines.addAll(table.brief(columns, listed));
        }
    }
}
