// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cache advise}: calls posix_fadvise(2) once for each file. */
final class CacheAdviseCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<ByteRange> range = Argument.option(
                    "--range",
                    "OFF:LEN",
                    ByteRange.class,
                    "Only this part of each file; a LEN of 0: to its end. Default: all of it.")
            .or(new ByteRange(0, 0));

    private final Argument<Boolean> json = Argument.json();

    private final Argument<Advice> advice = Argument.firstParameter(
            "ADVICE", new EnumParser.Advices(), "normal, sequential, random, noreuse, willneed or dontneed.");

    private final Argument<List<BytePath>> paths = Argument.parameters(
            "1..*", "1..*", "FILE", BytePath.class, "Files, and directories with all that is below them.");

    private CacheAdviseCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CacheAdviseCommand(invocation);
        return new CommandBuilder("advise", command)
                .description(
                        "Give the kernel advice on each file by posix_fadvise(2).",
                        "",
                        "dontneed drops pages for everybody, and willneed starts to read, one readahead's length at the most and"
                                + " without waiting: evict and warm do both better. normal, sequential, random and noreuse"
                                + " concern only the open file of whoever gives them: here they try whether the file system"
                                + " takes the advice, and do nothing for any other process.",
                        "")
                .examples("  millrace cache advise dontneed --range 0:64MiB /srv/db/table")
                .add(command.range, command.json, command.advice, command.paths)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        try (var out = new ResultStream(invocation)) {
            var report = new AdviceReport(out, invocation.console(), advice.get(), range.get(), json.get());
            new FileVisitor(invocation.posix(), invocation.stop())
                    .visit(paths.get().iterator(), this::advise, report);
            boolean stopped = invocation.stop().isRequested();
            report.summary(stopped);
            if (stopped) {
                return invocation.stop().exitCode();
            }
            return report.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    private Advice advise(OpenedFile file) throws IOException {
        invocation.posix().pages().fadvise(file.fd(), range.get(), advice.get());
        return advice.get();
    }
}
