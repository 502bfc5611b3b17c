// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.ByteSize;
import io.millrace.posix.OwnedFd;
import io.millrace.scan.FileStreamer;
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
        footer = {"", "Example:", "  millrace cat /srv/backups/db.dump | zstd -T0 > db.dump.zst"})
final class CatCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Option(
            names = "--range",
            paramLabel = "OFF:LEN",
            converter = RangeConverter.class,
            description = "Only these bytes of each file, as far as it has them: 1GiB:64MiB.")
    private @Nullable ByteRange range;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Regular files.")
    private List<BytePath> files;

    private int sent;
    private int failed;
    private long bytes;

    @Override
    public Integer call() throws IOException, InterruptedException {
        var stop = main.stop();
        var streamer = new FileStreamer(main.posix(), OwnedFd.standardOutput(), wish(), stop);
        try (streamer) {
            for (BytePath file : files) {
                send(file, streamer);
            }
        } catch (FileStreamer.OutputException e) {
            if (e.isClosed()) {
                return ExitCode.OUTPUT_CLOSED;
            }
            throw e;
        }
        main.console().report(sentence(streamer.effect()));
        return stop.isRequested() ? stop.exitCode() : failed > 0 ? ExitCode.SOME_FAILED : ExitCode.DONE;
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
            bytes += streamer.send(file, Optional.ofNullable(range));
            sent++;
        } catch (FileStreamer.OutputException e) {
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
