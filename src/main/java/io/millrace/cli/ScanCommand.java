// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.Census;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.scan.FileFilter;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import io.millrace.worker.Outcome;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
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

/** {@code millrace scan}: one pass over files, for digests and workers. */
@Command(
        name = "scan",
        mixinStandardHelpOptions = true,
        description = "Read files once, for digests and worker processes, and leave the page cache as it was.",
        footer = {
            "",
            "Examples:",
            "  millrace scan --digest sha256 /srv/backups > SHA256SUMS",
            "  sha256sum -c SHA256SUMS",
            "  millrace scan --digest crc32c,sha256 --rate 200MiB --json /srv/db",
            "  millrace scan --digest md5 --exclude '*.tmp' --one-file-system /srv",
            "  millrace scan --digest md5 --exec 'wc -c' --exec 'b3sum' base.tar"
        })
final class ScanCommand implements Callable<Integer> {
    /** What the lines on standard output look like. */
    enum Format {
        GNU,
        BSD
    }

    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--digest",
            split = ",",
            paramLabel = "D",
            converter = EnumWords.Digests.class,
            completionCandidates = EnumWords.Digests.class,
            description = "crc32c, xxh3, sha256, sha512, sha1, md5; several with commas. Without: only read.")
    private EnumSet<DigestAlgorithm> digests = EnumSet.noneOf(DigestAlgorithm.class);

    @Mixin
    private ReadOptions reading;

    @Mixin
    private FilterOptions filters;

    @Mixin
    private WorkerOptions workers;

    @Option(
            names = "--format",
            paramLabel = "gnu|bsd",
            converter = EnumWords.Formats.class,
            completionCandidates = EnumWords.Formats.class,
            description =
                    "Checksum lines as of sha256sum (gnu, for one digest) or sha256sum --tag (bsd, and always for xxh3 unless"
                            + " told).")
    private @Nullable Format format;

    @Option(names = "--json", description = "One JSON object a line; the last is the summary.")
    private boolean json;

    @Option(names = "--files-from", paramLabel = "F", description = "Read paths from a file, a line each; - is stdin.")
    private @Nullable BytePath filesFrom;

    @Option(names = "-0", description = "Paths in --files-from end in NUL, as find -print0 writes them.")
    private boolean nulTerminated;

    @Parameters(paramLabel = "PATH", description = "Files, and directories with all that is below them.")
    private List<BytePath> paths = List.of();

    @Override
    public Integer call() throws IOException, InterruptedException {
        boolean tagged = isTagged();
        if (paths.isEmpty() == (filesFrom == null)) {
            throw refuse("give paths, or --files-from");
        }
        if (nulTerminated && filesFrom == null) {
            throw refuse("-0 is about --files-from, which is missing");
        }
        FileFilter filter = filters.filter(); // a bad pattern is told before a program is started
        var options = reading.scanOptions(digests);
        var limiter = reading.limiter();
        try (var out = new ResultStream(main);
                var crew = new WorkerCrew(
                        main.posix(),
                        workers.specs(main.posix(), options.parallelFiles()),
                        main.console(),
                        main.stop())) {
            var scanner = new BulkScanner(main.posix(), options, crew.workers(), limiter, main.stop());
            var jsonFormat = new JsonFormat(new JsonLines(out));
            ResultFormat results = json ? jsonFormat : new ChecksumFormat(out, tagged);
            ScanSummary summary = AbandonableScan.run(scanner, main.stop(), () -> scan(scanner, filter, results));
            if (json) {
                jsonFormat.summary(summary, reading.policy());
            }
            out.flush();
            reading.forcedInVain(summary.effect()).ifPresent(main.console()::say);
            main.console().report(sentence(summary));
            return exitCode(summary);
        }
    }

    private boolean isTagged() {
        if (format != null && json) {
            throw refuse("give --json, or --format");
        }
        if (format == Format.GNU && digests.size() > 1) {
            throw refuse("--format gnu holds one digest a file; use bsd for several");
        }
        // xxhsum before 0.8.2 (Debian 12) writes and checks XXH3 in the tagged form only
        return format == null ? digests.size() > 1 || digests.contains(DigestAlgorithm.XXH3) : format == Format.BSD;
    }

    private ParameterException refuse(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    private ScanSummary scan(BulkScanner scanner, FileFilter filter, ResultFormat results)
            throws IOException, InterruptedException {
        var listener = new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                results.file(result);
                if (result.error().isPresent()) {
                    main.console().say(result.error().get());
                }
                if (result.change().isPresent()) {
                    main.console().say(result.change().get());
                }
                for (Outcome outcome : result.workers()) {
                    outcome.complaint()
                            .ifPresent(why -> main.console().say(result.path() + ": " + WorkerCrew.display(why)));
                }
            }
        };
        var census = new Census(main.posix(), filters.walk(paths.iterator(), filter)); // none of --files-from
        try (ProgressBar bar = new ProgressBar(reading.progress, main, scanner.progress(), census)) {
            if (filesFrom == null) {
                return scanner.scan(filters.walk(paths.iterator(), filter), listener);
            }
            try (var list = PathList.open(main.posix(), filesFrom, nulTerminated ? '\0' : '\n', main.stop())) {
                return scanner.scan(filters.walk(list, filter), listener);
            }
        }
    }

    private int exitCode(ScanSummary summary) {
        if (summary.stopped()) {
            return main.stop().exitCode();
        }
        return summary.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private String sentence(ScanSummary summary) {
        var text = new StringBuilder();
        text.append(summary.stopped() ? "stopped after " : "read ");
        text.append(summary.files()).append(summary.files() == 1 ? " file, " : " files, ");
        text.append(ByteSize.format(summary.bytes()));
        text.append(String.format(
                Locale.ROOT,
                " in %.2f s (%s/s)",
                summary.seconds(),
                ByteSize.format(Math.round(summary.bytesPerSecond()))));
        if (summary.failed() > 0) {
            text.append("; ").append(summary.failed()).append(" failed");
        }
        if (summary.changed() > 0) {
            text.append("; ").append(summary.changed()).append(" changed meanwhile");
        }
        if (summary.workersFailed() > 0) {
            text.append("; ").append(summary.workersFailed()).append(" failed at a worker");
        }
        if (summary.skipped().total() > 0) {
            text.append("; ").append(summary.skipped().total()).append(" skipped (");
            text.append(summary.skipped().reasons()).append(')');
        }
        return text.append(reading.cacheWords(summary.effect())).toString();
    }
}
