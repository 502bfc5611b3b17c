// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.ctl;

import io.millrace.cli.output.Console;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ProgressBar;
import io.millrace.cli.output.ShowMode;
import io.millrace.cli.output.Table;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.jmx.client.ControlClient;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Starts a scan in the service and waits until it has ended. A signal ends the waiting, not the scan. */
final class CtlScanWait {
    private static final long LOOK_MILLIS = 200;
    private static final int USUAL_COLUMNS = 80;

    private final CtlConnection ctl;
    private final CtlAction order;
    private final boolean draws;

    CtlScanWait(CtlConnection ctl, CtlAction order, ShowMode progress) {
        this.ctl = ctl;
        this.order = order;
        this.draws = progress == ShowMode.ALWAYS
                || (progress == ShowMode.AUTO && ctl.invocation().canRedraw(OwnedFd.standardError()));
    }

    /** Returns the exit code. {@code results}: the path of the results, called after the start. */
    int run(ControlClient.Question<String> start, Supplier<String> results) throws IOException, InterruptedException {
        Console console = ctl.invocation().console();
        var stop = ctl.invocation().stop();
        try (ControlClient client = ctl.connect()) {
            String id = CtlConnection.ask(client, start);
            console.report("started scan " + id + "; results: " + results.get());
            ScanInfo now = CtlConnection.ask(client, asked -> asked.scans().show(id));
            while (now.getEnded() == null && !stop.isRequested()) {
                if (draws) {
                    console.status(line(now));
                }
                TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
                now = CtlConnection.ask(client, asked -> asked.scans().show(id));
            }
            console.close();
            if (now.getEnded() == null) {
                console.report("scan " + id + " goes on in the service");
                return stop.exitCode();
            }
            String result = order.json()
                    ? CtlConnection.ask(client, asked -> asked.scans().showJson(id))
                    : id;
            return tell(now, result);
        } finally {
            console.close(); // also if the connection to the service was lost
        }
    }

    private String line(ScanInfo scan) {
        int columns = ctl.invocation()
                .posix()
                .terminals()
                .columns(OwnedFd.standardError())
                .orElse(USUAL_COLUMNS);
        Long total = scan.getTotalBytes();
        String line = ProgressBar.line(
                scan.getBytesPerSecond(),
                scan.getBytes(),
                ProgressBar.files(scan.getFiles(), 0),
                total == null ? 0 : total,
                columns - 1);
        return scan.getState().equals("running") ? line : Table.clip(line + "  " + scan.getState(), columns - 1);
    }

    /** @param result for standard output: the scan as JSON, or its id */
    private int tell(ScanInfo scan, String result) throws IOException {
        String said = sentence(scan);
        try (var out = ctl.results()) {
            out.line(result);
            if (order.json()) {
                CtlAction.summary(new JsonLines(out), said);
            }
        }
        ctl.invocation().console().report(said);
        boolean good = scan.getState().equals("finished") && scan.getFailed() == 0 && scan.getWorkersFailed() == 0;
        return good ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private static String sentence(ScanInfo scan) {
        String workers = scan.getWorkersFailed() == 0 ? "" : ", a worker failed with " + scan.getWorkersFailed();
        String error = scan.getError() == null ? "" : "; " + scan.getError();
        return "scan " + scan.getId() + ": " + scan.getState() + ", " + DisplayFormat.count(scan.getFiles(), "file")
                + ", " + scan.getFailed() + " failed" + workers + error;
    }
}
