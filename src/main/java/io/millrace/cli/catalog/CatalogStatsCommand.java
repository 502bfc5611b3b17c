// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.CatalogReader;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog stats}: figures of the whole catalog. */
final class CatalogStatsCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final CatalogOptions catalog = new CatalogOptions();
    private final Argument<Boolean> json = Argument.json();

    private CatalogStatsCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogStatsCommand(invocation);
        return new CommandBuilder("stats", command)
                .description(
                        "Show what the catalog knows: files by verdict and file system, and when they were verified on the device.",
                        "")
                .examples("  millrace catalog stats", "  millrace catalog stats --json --catalog /var/lib/millrace")
                .add(command.catalog.argument(), command.json)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        CatalogPlace place = catalog.place(invocation.posix());
        try (CatalogReader reader = Catalog.openReader(invocation.posix(), place);
                var out = new ResultStream(invocation)) {
            var report = new StatsReport(out, place.database());
            if (json.get()) {
                report.json(reader.stats());
            } else {
                report.text(reader.stats());
            }
            out.flush();
        }
        return ExitCode.DONE;
    }
}
