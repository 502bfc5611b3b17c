// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.FileResidency;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

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
        footer = {"", "Examples:", "  millrace cache status --json /srv/db", "  millrace cache status --summary /srv/db"
        })
final class CacheStatusCommand implements Callable<Integer> {
    @ParentCommand
    private CacheCommand parent;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ListingOptions options;

    @Option(
            names = "--summary",
            description = "Print only the totals: files, bytes, what of them is resident, and that in percent.")
    private boolean summary;

    @Override
    public Integer call() throws IOException {
        Main main = parent.main();
        if (summary && spec.commandLine().getParseResult().hasMatchedOption("--bar")) {
            throw new ParameterException(
                    spec.commandLine(), "--bar draws each file, which --summary leaves out; give one of them");
        }
        options.summary = summary;
        int cells = options.cells(main.posix().terminals());
        return CacheRound.run(
                main,
                options,
                "looked at",
                file -> FileResidency.look(main.posix(), file.traits(), file.fd(), file.status(), cells),
                CacheRound.plainLine());
    }
}
