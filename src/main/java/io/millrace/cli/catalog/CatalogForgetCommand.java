// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.maintenance.CatalogForgetter;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import io.millrace.verify.NormalPath;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog forget}: removes records. */
final class CatalogForgetCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<Boolean> missing =
            Argument.flag("--missing", "Only what the last scan found missing, and is missing still.");

    private final Argument<Boolean> dryRun = Argument.flag("--dry-run", "Count only; forget nothing.");
    private final Argument<Boolean> json = Argument.json();
    private final CatalogOptions catalog = new CatalogOptions();

    private final Argument<List<BytePath>> paths = Argument.parameters(
            "1..*", "PATH", BytePath.class, "Files, and directories with all that is below them, there or not.");

    private CatalogForgetCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogForgetCommand(invocation);
        return new CommandBuilder("forget", command)
                .description(
                        "Remove names from the catalog, and the records of files that have no other name.",
                        "",
                        "The files themselves are not touched. A scan that records them again takes them for new.",
                        "")
                .exitCodes("0", "done", "1", "done, but the catalog had nothing of a PATH", "2", "wrong usage")
                .examples("  millrace catalog forget --missing /srv/backups", "  millrace catalog forget /srv/scratch")
                .add(command.missing, command.dryRun, command.json, command.catalog.argument(), command.paths)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        var posix = invocation.posix();
        var forgetter = new CatalogForgetter(posix);
        if (dryRun.get()) {
            try (CatalogReader reader = Catalog.openReader(posix, catalog.place(posix))) {
                return run(
                        path -> missing.get() ? forgetter.countMissing(reader, path) : forgetter.count(reader, path));
            }
        }
        try (Catalog opened = Catalog.openExisting(posix, catalog.place(posix))) {
            return run(path -> missing.get() ? forgetter.forgetMissing(opened, path) : forgetter.forget(opened, path));
        }
    }

    /** Returns how many names there were. */
    private interface Step {
        long on(BytePath path) throws IOException;
    }

    private int run(Step step) throws IOException {
        var normal = new NormalPath(invocation.posix().process().workingDirectory());
        long all = 0;
        boolean isNothing = false;
        try (var out = new ResultStream(invocation)) {
            var lines = new JsonLines(out);
            for (BytePath given : paths.get()) {
                BytePath path = normal.of(given);
                long names = step.on(path);
                all += names;
                isNothing |= names == 0 && !missing.get();
                if (names == 0 && !missing.get()) {
                    invocation.console().say(path + ": the catalog has nothing of it");
                }
                if (json.get()) {
                    lines.object("path", object -> {
                        ResultJson.path(object, path);
                        object.writeNumberField("names", names);
                    });
                }
            }
            if (json.get()) {
                long sum = all;
                lines.object("summary", object -> {
                    object.writeNumberField("names", sum);
                    object.writeBooleanField("dry_run", dryRun.get());
                });
            }
            out.flush();
        }
        invocation
                .console()
                .report((dryRun.get() ? "would forget " : "forgot ")
                        + all
                        + (missing.get() ? " missing" : "")
                        + (all == 1 ? " name" : " names"));
        return isNothing ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }
}
