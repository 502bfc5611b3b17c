// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.ListingOptions;
import io.millrace.cli.output.Invocation;
import io.millrace.pagecache.FileResidency;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache status}: shows the residency of each file. */
final class CacheStatusCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final ListingOptions options = new ListingOptions();
    private final Argument<Boolean> summary =
            Argument.flag("--summary", "Print only the totals: files, bytes, resident bytes, and their percentage.");

    private CacheStatusCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CacheStatusCommand(invocation);
        return new CommandBuilder("status", command)
                .description(
                        "Show how much of each file is in the page cache, and where in the file.",
                        "",
                        "The kernel reports nothing for a file that you neither own nor may write; the result is \"unknown\".",
                        "")
                .examples("  millrace cache status --json /srv/db", "  millrace cache status --summary /srv/db")
                .add(command.options.arguments())
                .add(command.summary)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        if (summary.get()) {
            options.setOnlySummary();
        }
        int cells = options.cells(invocation.posix().terminals());
        return CacheRunner.run(
                invocation,
                options,
                "looked at",
                file -> FileResidency.look(invocation.posix(), file.traits(), file.fd(), file.status(), cells),
                CacheRunner.plainLine());
    }
}
