// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.PosixException;
import io.millrace.scan.FileStreamer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code millrace cat}: the bytes of files on standard output. */
@Command(
        name = "cat",
        mixinStandardHelpOptions = true,
        description = "Write files to standard output, and leave the page cache as it was.",
        footer = {"", "Example:", "  millrace cat /srv/backups/db.dump | zstd -T0 > db.dump.zst"})
final class CatCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Option(
            names = "--cache",
            paramLabel = "POLICY",
            description = "neutral: leave the page cache as it was (default). drop: leave nothing of the files in it."
                    + " keep: leave what was read.")
    private CachePolicy cache = CachePolicy.NEUTRAL;

    @Option(
            names = "--range",
            paramLabel = "OFF:LEN",
            converter = RangeConverter.class,
            description = "Only these bytes of each file, as far as it has them: 1GiB:64MiB.")
    private @Nullable ByteRange range;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Regular files.")
    private List<BytePath> files;

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean failed = false;
        var stop = main.stop();
        var wish = ReadPlan.Wish.of(cache);
        try (var streamer = new FileStreamer(main.posix(), OwnedFd.standardOutput(), wish, stop)) {
            for (BytePath file : files) {
                try {
                    var unused = streamer.send(file, Optional.ofNullable(range));
                } catch (PosixException e) {
                    if (e.is(Errno.EPIPE)) {
                        return ExitCode.OUTPUT_CLOSED;
                    }
                    failed = true;
                    main.console().say(String.valueOf(e.getMessage()));
                } catch (IOException e) {
                    failed = true;
                    main.console().say(String.valueOf(e.getMessage()));
                }
            }
        }
        return stop.isRequested() ? stop.exitCode() : failed ? ExitCode.SOME_FAILED : ExitCode.DONE;
    }
}
