// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.FallocateSupport;
import io.millrace.scan.ScanProbe;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace probe}: reports the capabilities of a mount. */
final class ProbeCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<Boolean> json = Argument.json();
    private final Argument<List<BytePath>> paths =
            Argument.parameters("1..*", "PATH", BytePath.class, "Files or directories.");

    private ProbeCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new ProbeCommand(invocation);
        return new CommandBuilder("probe", command)
                .description(
                        "Show what the file system of a path supports, how a scan would read there, and what would compute digests.",
                        "",
                        "Everything is tried, not looked up by name. A directory is tried on one of its files; where it has"
                                + " none, and for fallocate, on a file without a name that is gone afterwards.",
                        "")
                .examples("  millrace probe /srv/db /srv/backups")
                .add(command.json, command.paths)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        var probe = new ScanProbe(invocation.posix());
        int failed = 0;
        int done = 0;
        try (var out = new ResultStream(invocation)) {
            var report = new ProbeReport(out, json.get());
            for (BytePath path : paths.get()) {
                if (invocation.stop().isRequested()) {
                    break;
                }
                Outcome outcome = probe(probe, path);
                if (outcome.finding() != null && outcome.support() != null) {
                    done++;
                    report.found(path, outcome.finding(), outcome.support());
                } else {
                    failed++;
                    report.failed(path, outcome.error());
                    invocation.console().say(outcome.error());
                }
            }
            report.summary(done, failed);
            out.flush();
            invocation
                    .console()
                    .say("probed " + done + (done == 1 ? " place" : " places")
                            + (failed > 0 ? "; " + failed + " failed" : ""));
        }
        if (invocation.stop().isRequested()) {
            return invocation.stop().exitCode();
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private record Outcome(
            ScanProbe.@Nullable Finding finding, @Nullable FallocateSupport support, String error) {}

    private Outcome probe(ScanProbe probe, BytePath path) {
        try {
            var finding = probe.probe(path);
            return new Outcome(
                    finding, FallocateSupport.probe(invocation.posix(), finding.directory(), finding.device()), "");
        } catch (IOException e) {
            return new Outcome(null, null, String.valueOf(e.getMessage()));
        }
    }
}
