// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.CommandGroup;
import io.millrace.cli.output.Invocation;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache}: shows the state of the page cache and asks the kernel to change it. */
public final class CacheCommand extends CommandGroup {
    private final Invocation invocation;

    private CacheCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    public static CommandSpec spec(Invocation invocation) {
        var command = new CacheCommand(invocation);
        var builder = new CommandBuilder("cache", command)
                .description("Show which parts of files are in the page cache; load, evict and advise.")
                .examples("  millrace cache status /srv/db");
        return command.with(builder.build(), invocation.called());
    }

    @Override
    public List<String> names() {
        return List.of("status", "warm", "evict", "advise");
    }

    @Override
    public CommandSpec subcommand(String name) {
        return switch (name) {
            case "status" -> CacheStatusCommand.spec(invocation);
            case "warm" -> CacheWarmCommand.spec(invocation);
            case "evict" -> CacheEvictCommand.spec(invocation);
            case "advise" -> CacheAdviseCommand.spec(invocation);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
