// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache}: looks into the page cache and asks the kernel to change it. */
final class CacheCommand extends CommandGroup {
    private final Main main;

    private CacheCommand(Main main) {
        this.main = main;
    }

    static CommandSpec spec(Main main) {
        var command = new CacheCommand(main);
        var builder = new CommandBuilder("cache", command)
                .description("Show what of files is in the page cache, fill it, empty it, give advice.")
                .examples("  millrace cache status /srv/db");
        return command.with(builder.build(), main.called());
    }

    @Override
    List<String> names() {
        return List.of("status", "warm", "evict", "advise");
    }

    @Override
    CommandSpec subcommand(String name) {
        return switch (name) {
            case "status" -> CacheStatusCommand.spec(main);
            case "warm" -> CacheWarmCommand.spec(main);
            case "evict" -> CacheEvictCommand.spec(main);
            case "advise" -> CacheAdviseCommand.spec(main);
            default -> throw new IllegalArgumentException(name);
        };
    }
}
