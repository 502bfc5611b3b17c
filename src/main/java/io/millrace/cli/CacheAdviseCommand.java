// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.Advice;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.scan.FileTour;
import io.millrace.scan.OpenedFile;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code millrace cache advise}: one posix_fadvise(2) a file. */
@Command(
        name = "advise",
        mixinStandardHelpOptions = true,
        description = {
            "Give the kernel one piece of advice on each file, as posix_fadvise(2) takes it.",
            "",
            "dontneed drops pages for everybody, and willneed starts to read, one readahead's length at the most and"
                    + " without waiting: evict and warm do both better. normal, sequential, random and noreuse concern"
                    + " only the open file of whoever gives them: here they try whether the file system takes the"
                    + " advice, and do nothing for any other process.",
            ""
        },
        footer = {"", "Example:", "  millrace cache advise dontneed --range 0:64MiB /srv/db/table"})
final class CacheAdviseCommand implements Callable<Integer> {
    @ParentCommand
    private CacheCommand parent;

    @Option(
            names = "--range",
            paramLabel = "OFF:LEN",
            converter = RangeConverter.class,
            description = "Only this part of each file; a LEN of 0: to its end. Default: all of it.")
    private ByteRange range = new ByteRange(0, 0);

    @Option(names = "--json", description = "One JSON object a line; the last is the summary.")
    private boolean json;

    @Parameters(
            index = "0",
            paramLabel = "ADVICE",
            converter = EnumWords.Advices.class,
            completionCandidates = EnumWords.Advices.class,
            description = "normal, sequential, random, noreuse, willneed or dontneed.")
    private Advice advice;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "FILE",
            description = "Files, and directories with all that is below them.")
    private List<BytePath> paths = List.of();

    @Override
    public Integer call() throws IOException {
        Main main = parent.main();
        try (var out = new ResultStream(main)) {
            var report = new AdviceReport(out, main.console(), advice, range, json);
            new FileTour(main.posix(), main.stop()).visit(paths.iterator(), this::advise, report);
            boolean stopped = main.stop().isRequested();
            report.summary(stopped);
            if (stopped) {
                return main.stop().exitCode();
            }
            return report.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private Advice advise(OpenedFile file) throws IOException {
        parent.main().posix().pages().fadvise(file.fd(), range, advice);
        return advice;
    }
}
