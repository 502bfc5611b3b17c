// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.ListingOptions;
import io.millrace.cli.output.Invocation;
import io.millrace.pagecache.CacheWarmer;
import io.millrace.pagecache.FileResidency;
import io.millrace.posix.Posix;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache warm}: reads files into the page cache. */
final class CacheWarmCommand implements Callable<Integer> {
    /** The residency before and after. */
    private record Warmed(FileResidency before, FileResidency now) {}

    private final Invocation invocation;
    private final ListingOptions options = new ListingOptions();

    private CacheWarmCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CacheWarmCommand(invocation);
        return new CommandBuilder("warm", command)
                .description(
                        "Load files into the page cache, wait until they are there, and report what is resident then.",
                        "",
                        "Holes of sparse files are left out: they need no memory. Where memory is short, the kernel drops again what"
                                + " came first.",
                        "")
                .examples("  millrace cache warm /srv/db/index")
                .add(command.options.arguments())
                .build();
    }

    @Override
    public Integer call() throws IOException {
        int cells = options.cells(invocation.posix().terminals());
        try (var warmer = new CacheWarmer(invocation.posix())) {
            return CacheRunner.run(
                    invocation,
                    options,
                    "warmed",
                    file -> warm(warmer, file, cells),
                    (report, path, warmed) -> report.file(
                            path,
                            warmed.now(),
                            json -> ResidencyReport.number(
                                    json,
                                    "resident_before_bytes",
                                    warmed.before().residentBytes())));
        }
    }

    private Warmed warm(CacheWarmer warmer, OpenedFile file, int cells) throws IOException {
        Posix posix = invocation.posix();
        var before = FileResidency.look(posix, file.traits(), file.fd(), file.status(), 0);
        warmer.warm(file.traits(), file.fd(), file.status(), invocation.stop()::isRequested);
        return new Warmed(before, FileResidency.look(posix, file.traits(), file.fd(), file.status(), cells));
    }
}
