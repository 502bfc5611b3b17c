// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.options.CacheOptions;
import io.millrace.cli.options.CacheSummary;
import io.millrace.cli.options.RateOption;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ProgressBar;
import io.millrace.cli.output.ShowMode;
import io.millrace.files.RecordReader;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.stream.FileStreamer;
import io.millrace.scan.stream.OutputException;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cat}: writes the content of files to standard output. */
final class CatCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final CacheOptions cache = new CacheOptions();

    private final RateOption rate = new RateOption();

    private final Argument<ByteRange> range = Argument.option(
            "--range",
            "OFF:LEN",
            ByteRange.class,
            "Only these bytes of each file, as far as it has them: 1GiB:64MiB. Of standard input they are"
                    + " counted from where it stands.");

    private final Argument<ShowMode> progress = Argument.option(
                    "--progress",
                    "auto|always|never",
                    new EnumParser.Whens(),
                    "A progress bar on standard error; auto: on a terminal, unless standard output is one too.")
            .or(ShowMode.AUTO);

    private final Argument<List<BytePath>> files = Argument.parameters(
            "1..*",
            "FILE",
            BytePath.class,
            "Regular files; - is standard input, whatever it is (./- is a file of that name).");

    private int sent;
    private int failed;
    private long bytes;

    private CatCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatCommand(invocation);
        return new CommandBuilder("cat", command)
                .description("Write files to standard output, and leave the page cache as it was.")
                .examples(
                        "  millrace cat /srv/backups/db.dump | zstd -T0 > db.dump.zst",
                        "  zstd -dc db.dump.zst | millrace cat --rate 100MiB/s - > db.dump")
                .add(command.cache.arguments())
                .add(command.rate.argument(), command.range, command.progress, command.files)
                .build();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var stop = invocation.stop();
        var streamer = new FileStreamer(invocation.posix(), OwnedFd.standardOutput(), wish(), rate.limiter(), stop);
        Optional<ByteRange> part = Optional.ofNullable(range.orNull());
        var walk = WalkSpec.ofFiles(files.get().iterator(), WalkSpec.Given.FILES_AND_STANDARD_INPUT);
        var sizeCounter = new SizeCounter(invocation.posix(), walk, part);
        try (streamer;
                ProgressBar bar = new ProgressBar(when(), invocation, streamer.progress(), sizeCounter)) {
            for (BytePath file : files.get()) {
                send(file, part, streamer);
            }
        } catch (OutputException e) {
            if (e.isClosed()) {
                return ExitCode.OUTPUT_CLOSED;
            }
            throw e;
        }
        invocation.console().report(sentence(streamer.effect()));
        return stop.isRequested() ? stop.exitCode() : failed > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    /** Draws no progress bar if standard output is a terminal, because it would be mixed with the content. */
    private ShowMode when() {
        boolean isTerminal = invocation.posix().terminals().isTerminal(OwnedFd.standardOutput());
        return progress.get() == ShowMode.AUTO && isTerminal ? ShowMode.NEVER : progress.get();
    }

    private ReadPlan.Wish wish() {
        try {
            return new ReadPlan.Wish(cache.policy(), Optional.empty(), cache.fallback(), true);
        } catch (IllegalArgumentException e) {
            throw files.refused(String.valueOf(e.getMessage()));
        }
    }

    private void send(BytePath file, Optional<ByteRange> part, FileStreamer streamer)
            throws IOException, InterruptedException {
        if (invocation.stop().isRequested()) {
            return;
        }
        try {
            bytes += RecordReader.STANDARD_INPUT.equals(file)
                    ? streamer.sendStandardInput(part)
                    : streamer.send(file, part);
            sent += invocation.stop().isRequested() ? 0 : 1;
        } catch (OutputException e) {
            throw e;
        } catch (IOException e) {
            failed++;
            invocation.console().say(String.valueOf(e.getMessage()));
        }
    }

    private String sentence(CacheEffect effect) {
        var text = new StringBuilder();
        text.append(invocation.stop().isRequested() ? "stopped after " : "sent ");
        text.append(sent).append(sent == 1 ? " file, " : " files, ").append(ByteSize.format(bytes));
        if (failed > 0) {
            text.append("; ").append(failed).append(" failed");
        }
        if (cache.policy() == CachePolicy.NEUTRAL) {
            text.append(CacheSummary.of(effect));
        }
        return text.toString();
    }
}
