// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.FileResidency;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** {@code millrace cache status}: what of each file is resident. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "Show how much of each file is in the page cache, and where in the file.",
            "",
            "Of a file that you neither own nor may write the kernel does not tell, and the answer is \"unknown\".",
            ""
        },
        footer = {"", "Example:", "  millrace cache status --json /srv/db"})
final class CacheStatusCommand implements Callable<Integer> {
    @ParentCommand
    private CacheCommand parent;

    @Mixin
    private ListingOptions options;

    @Override
    public Integer call() throws IOException {
        Main main = parent.main();
        int cells = options.cells(main.posix().terminals());
        return CacheRound.run(
                main,
                options,
                "looked at",
                file -> FileResidency.look(main.posix(), file.traits(), file.fd(), file.status(), cells),
                CacheRound.plainLine());
    }
}
