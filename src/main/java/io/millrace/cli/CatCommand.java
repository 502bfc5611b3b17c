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
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** {@code millrace cat}: the bytes of files on standard output. */
@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Write files to standard output, and leave the page cache as it was.",
        footer = {
            "",
            "Examples:",
            "  millrace cat /srv/backups/db.dump | zstd -T0 > db.dump.zst",
            "  zstd -dc db.dump.zst | millrace cat --rate 100MiB/s - > db.dump"
        })
final class CatCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Mixin
    private RateOption rate;

    @Option(
            names = "--range",
            paramLabel = "OFF:LEN",
            converter = RangeConverter.class,
            description = "Only these bytes of each file, as far as it has them: 1GiB:64MiB. Of standard input they are"
                    + " counted from where it stands.")
    private @Nullable ByteRange range;

    @Option(
            names = "--progress",
            paramLabel = "auto|always|never",
            converter = EnumWords.Whens.class,
            completionCandidates = EnumWords.Whens.class,
            description = "A progress bar on standard error; auto: on a terminal, unless standard output is one too.")
    private When progress = When.AUTO;

    @Parameters(
            arity = "1..*",
            paramLabel = "FILE",
            description = "Regular files; - is standard input, whatever it is (./- is a file of that name).")
    private List<BytePath> files;

    private int sent;
    private int failed;
    private long bytes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var stop = main.stop();
        var streamer = new FileStreamer(main.posix(), OwnedFd.standardOutput(), wish(), rate.limiter(spec), stop);
        var walk = Walk.ofFiles(files.iterator(), Walk.Given.FILES_AND_STANDARD_INPUT);
        var census = new Census(main.posix(), walk, Optional.ofNullable(range));
        try (streamer;
                ProgressBar bar = new ProgressBar(when(), main, streamer.progress(), census)) {
            for (BytePath file : files) {
                send(file, streamer);
            }
        } catch (OutputException e) {
            if (e.isClosed()) {
                return ExitCode.OUTPUT_CLOSED;
            }
            throw e;
        }
        main.console().report(sentence(streamer.effect()));
        return stop.isRequested() ? stop.exitCode() : failed > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }

    /** A bar would be drawn over the bytes where both are on one terminal. */
    private When when() {
        return progress == When.AUTO && main.posix().terminals().isTerminal(OwnedFd.standardOutput())
                ? When.NEVER
                : progress;
    }

    private ReadPlan.Wish wish() {
        try {
            return new ReadPlan.Wish(cache.policy, Optional.empty(), cache.fallback, true);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private void send(BytePath file, FileStreamer streamer) throws IOException, InterruptedException {
        if (main.stop().isRequested()) {
            return;
        }
        try {
            var part = Optional.ofNullable(range);
            bytes += RecordReader.STANDARD_INPUT.equals(file)
                    ? streamer.sendStandardInput(part)
                    : streamer.send(file, part);
            sent += main.stop().isRequested() ? 0 : 1;
        } catch (OutputException e) {
            throw e;
        } catch (IOException e) {
            failed++;
            main.console().say(String.valueOf(e.getMessage()));
        }
    }

    private String sentence(CacheEffect effect) {
        var text = new StringBuilder();
        text.append(main.stop().isRequested() ? "stopped after " : "sent ");
        text.append(sent).append(sent == 1 ? " file, " : " files, ").append(ByteSize.format(bytes));
        if (failed > 0) {
            text.append("; ").append(failed).append(" failed");
        }
        if (cache.policy == CachePolicy.NEUTRAL) {
            text.append(CacheWords.of(effect));
        }
        return text.toString();
    }
}
