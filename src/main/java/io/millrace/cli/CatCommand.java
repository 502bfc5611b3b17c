// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.ByteSize;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.RecordReader;
import io.millrace.scan.Census;
import io.millrace.scan.FileStreamer;
import io.millrace.scan.OutputException;
import io.millrace.scan.Walk;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cat}: the bytes of files on standard output. */
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

    private final Argument<When> progress = Argument.option(
                    "--progress",
                    "auto|always|never",
                    new EnumWords.Whens(),
                    "A progress bar on standard error; auto: on a terminal, unless standard output is one too.")
            .or(When.AUTO);

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
        var walk = Walk.ofFiles(files.get().iterator(), Walk.Given.FILES_AND_STANDARD_INPUT);
        var census = new Census(invocation.posix(), walk, part);
        try (streamer;
                ProgressBar bar = new ProgressBar(when(), invocation, streamer.progress(), census)) {
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

    /** A bar would be drawn over the bytes where both are on one terminal. */
    private When when() {
        boolean isTerminal = invocation.posix().terminals().isTerminal(OwnedFd.standardOutput());
        return progress.get() == When.AUTO && isTerminal ? When.NEVER : progress.get();
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
            text.append(CacheWords.of(effect));
        }
        return text.toString();
    }
}
