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

import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace cat}: the bytes of files on standard output. */
final class CatCommand implements Callable<Integer> {
    private final Main main;
    private final CacheOptions cache = new CacheOptions();

    private final Argument<ByteRange> range = Argument.option(
            "--range",
            "OFF:LEN",
            ByteRange.class,
            "Only these bytes of each file, as far as it has them: 1GiB:64MiB.");

    private final Argument<List<BytePath>> files =
            Argument.parameters("1..*", "FILE", BytePath.class, "Regular files.");

    private int sent;
    private int failed;
    private long bytes;

    private CatCommand(Main main) {
        this.main = main;
    }

    static CommandSpec spec(Main main) {
        var command = new CatCommand(main);
        return new CommandBuilder("cat", command)
                .description("Write files to standard output, and leave the page cache as it was.")
                .examples("  millrace cat /srv/backups/db.dump | zstd -T0 > db.dump.zst")
                .add(command.cache.arguments())
                .add(command.range, command.files)
                .build();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        var stop = main.stop();
        var streamer = new FileStreamer(main.posix(), OwnedFd.standardOutput(), wish(), stop);
        try (streamer) {
            for (BytePath file : files.get()) {
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
            return new ReadPlan.Wish(cache.policy(), Optional.empty(), cache.fallback(), true);
        } catch (IllegalArgumentException e) {
            throw files.refused(String.valueOf(e.getMessage()));
        }
    }

    private void send(BytePath file, FileStreamer streamer) throws IOException, InterruptedException {
        if (main.stop().isRequested()) {
            return;
        }
        try {
            bytes += streamer.send(file, Optional.ofNullable(range.orNull()));
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
        if (cache.policy() == CachePolicy.NEUTRAL) {
            text.append(CacheWords.of(effect));
        }
        return text.toString();
    }
}
