// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import io.millrace.cli.output.Invocation;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog}: the durable record of files, by hand. */
public final class CatalogCommand extends CommandGroup {
    private final Invocation invocation;

    private CatalogCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    public static CommandSpec spec(Invocation invocation) {
        var command = new CatalogCommand(invocation);
        var builder = new CommandBuilder("catalog", command)
                .description("Show, export, import, compare and mend the catalog of files and their digests.")
                .examples("  millrace catalog stats", "  millrace catalog rescue --dry-run /srv/db/table");
        return command.with(builder.build(), invocation.called());
    }

    @Override
    public List<String> names() {
        return List.of("stats", "export", "import", "diff", "accept", "forget", "backup", "rescue");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "stats" -> CatalogStatsCommand.spec(invocation);
            case "export" -> CatalogExportCommand.spec(invocation);
            case "import" -> CatalogImportCommand.spec(invocation);
            case "diff" -> CatalogDiffCommand.spec(invocation);
            case "accept" -> CatalogAcceptCommand.spec(invocation);
            case "forget" -> CatalogForgetCommand.spec(invocation);
            case "backup" -> CatalogBackupCommand.spec(invocation);
            case "rescue" -> CatalogRescueCommand.spec(invocation);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
