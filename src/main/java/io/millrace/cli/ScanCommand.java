// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.options.AbandonableScan;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.options.CommandWorkers;
import io.millrace.cli.options.FilterOptions;
import io.millrace.cli.options.PathList;
import io.millrace.cli.options.PathOptions;
import io.millrace.cli.options.ReadOptions;
import io.millrace.cli.options.WorkerOptions;
import io.millrace.cli.output.ChecksumFormat;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonFormat;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ProgressBar;
import io.millrace.cli.output.ResultFormat;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import io.millrace.units.Decimals;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace scan}: reads files once, for digests and workers. */
final class ScanCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<List<DigestAlgorithm>> digests = Argument.options(
            "--digest",
            "D",
            new EnumParser.Digests(),
            "crc32c, xxh3, sha256, sha512, sha1, md5, blake2b-512, sha3-256, sha512-256;"
                    + " several with commas. Without: only read.");

    private final ReadOptions reading = new ReadOptions();
    private final PathOptions given = new PathOptions();
    private final FilterOptions filters = new FilterOptions();
    private final WorkerOptions workers = new WorkerOptions();

    private final Argument<ChecksumFormat.Style> format = Argument.option(
            "--format",
            "gnu|bsd",
            new EnumParser.Formats(),
            "Checksum lines as of sha256sum (gnu, for one digest) or sha256sum --tag (bsd, and always for xxh3 unless"
                    + " told).");

    private final Argument<Boolean> json = Argument.json();

    private final Argument<Boolean> record = Argument.flag(
            "--record",
            "Record digests and the CRC-32C of each block of 1 MiB in the catalog, and judge files that it knows:"
                    + " for millrace verify.");

    private final CatalogOptions catalog = new CatalogOptions();

    private ScanCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new ScanCommand(invocation);
        var builder = new CommandBuilder("scan", command)
                .description("Read files once, for digests and worker processes, and leave the page cache as it was.")
                .examples(
                        "  millrace scan --digest sha256 /srv/backups > SHA256SUMS",
                        "  sha256sum -c SHA256SUMS",
                        "  millrace scan --digest crc32c,sha256 --rate 200MiB --json /srv/db",
                        "  millrace scan --digest md5 --exclude '*.tmp' --one-file-system /srv",
                        "  millrace scan --digest sha256 --sort /srv > today; diff yesterday today",
                        "  pg_dump db | tee db.sql | millrace scan --digest sha256 -",
                        "  millrace scan --digest md5 --exec 'wc -c' --exec 'b3sum' base.tar",
                        "  millrace scan --digest sha256 --record /srv/backups > SHA256SUMS")
                .add(command.digests, command.format, command.json, command.record, command.catalog.argument());
        command.reading.addTo(builder);
        command.given.addTo(builder);
        command.filters.addTo(builder);
        command.workers.addTo(builder);
        return builder.build();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Set<DigestAlgorithm> chosen = digests();
        boolean tagged = isTagged(chosen);
        given.check(!workers.isEmpty());
        FileFilter filter = filters.filter(); // an invalid pattern is refused before a program is started
        var options = reading.scanOptions(chosen);
        var limiter = reading.limiter();
        List<BytePath> paths = given.paths(invocation.posix());
        if (catalog.isGiven() && !record.get()) {
            throw record.refused("--catalog is about --record, which is missing");
        }
        try (var out = new ResultStream(invocation);
                var commandWorkers = new CommandWorkers(
                        invocation.posix(),
                        workers.specs(invocation.posix(), options.parallelFiles()),
                        invocation.console(),
                        invocation.stop())) {
            var jsonFormat = new JsonFormat(new JsonLines(out));
            ResultFormat results = json.get() ? jsonFormat : new ChecksumFormat(out, tagged);
            var plain = new ScanListener() {
                @Override
                public void fileFinished(FileResult result) throws IOException {
                    results.file(result);
                    explain(result);
                }
            };
            if (!record.get()) {
                var scanner = new BulkScanner(
                        invocation.posix(), options, commandWorkers.workers(), limiter, invocation.stop());
                ScanSummary summary =
                        AbandonableScan.run(scanner, invocation.stop(), () -> scan(scanner, paths, filter, plain));
                if (json.get()) {
                    jsonFormat.summary(summary, reading.policy());
                }
                return conclude(out, summary, "", true);
            }
            RecordedScan.Results recorded = file -> {
                if (json.get()) {
                    jsonFormat.recorded(file);
                    explain(Objects.requireNonNull(file.result()));
                } else {
                    plain.fileFinished(Objects.requireNonNull(file.result()));
                }
            };
            try (var recording = new RecordedScan(invocation, catalog, id(paths), recorded)) {
                var scanner = new BulkScanner(
                        invocation.posix(),
                        recording.applyTo(options),
                        commandWorkers.workers(),
                        limiter,
                        invocation.stop());
                ScanSummary summary = AbandonableScan.run(
                        scanner, invocation.stop(), () -> scan(scanner, paths, filter, recording.listener(plain)));
                recording.finish(!summary.stopped());
                if (json.get()) {
                    jsonFormat.summary(summary, reading.policy(), recording.counts(), recording.failure());
                }
                return conclude(out, summary, recording.sentenceEnd(), recording.isGood());
            }
        }
    }

    private int conclude(ResultStream out, ScanSummary summary, String more, boolean isGood) throws IOException {
        out.flush();
        reading.forcedInVain(summary.effect()).ifPresent(invocation.console()::say);
        invocation.console().report(sentence(summary) + more);
        int code = exitCode(summary);
        return code == ExitCode.DONE && !isGood ? ExitCode.SOME_FAILED : code;
    }

    /** Under which the catalog keeps the counters of the last such run. */
    private String id(List<BytePath> paths) {
        var id = new StringBuilder("scan");
        paths.forEach(path -> id.append(' ').append(path));
        given.filesFrom().ifPresent(list -> id.append(" --files-from ").append(list));
        return id.toString();
    }

    /** Prints what the results of a file do not contain. */
    private void explain(FileResult result) {
        if (result.error().isPresent()) {
            invocation.console().say(result.error().get());
        }
        if (result.change().isPresent()) {
            invocation.console().say(result.change().get());
        }
        for (WorkerOutcome outcome : result.workers()) {
            outcome.complaint()
                    .ifPresent(why -> invocation.console().say(result.path() + ": " + BytePath.display(why)));
        }
    }

    private Set<DigestAlgorithm> digests() {
        var chosen = EnumSet.noneOf(DigestAlgorithm.class);
        chosen.addAll(digests.get());
        return chosen;
    }

    private boolean isTagged(Set<DigestAlgorithm> chosen) {
        if (format.isGiven() && json.get()) {
            throw format.refused("give --json, or --format");
        }
        if (format.orNull() == ChecksumFormat.Style.GNU && chosen.size() > 1) {
            throw format.refused("--format gnu holds one digest a file; use bsd for several");
        }
        // xxhsum before 0.8.2 (Debian 12) writes and checks XXH3 only in the tagged format.
        boolean isUsual = chosen.size() > 1 || chosen.contains(DigestAlgorithm.XXH3);
        return format.isGiven() ? format.get() == ChecksumFormat.Style.BSD : isUsual;
    }

    private ScanSummary scan(BulkScanner scanner, List<BytePath> paths, FileFilter filter, ScanListener listener)
            throws IOException, InterruptedException {
        var sizeCounter = new SizeCounter(invocation.posix(), walk(paths, filter)); // without --files-from
        try (ProgressBar bar = new ProgressBar(reading.progress(), invocation, scanner.progress(), sizeCounter)) {
            Optional<BytePath> filesFrom = given.filesFrom();
            if (filesFrom.isEmpty()) {
                return scanner.scan(walk(paths, filter), listener);
            }
            try (var list = PathList.open(invocation.posix(), filesFrom.get(), given.terminator(), invocation.stop())) {
                return scanner.scan(
                        filters.walk(list, filter, given.order(), WalkSpec.Given.FILES_AND_TREES), listener);
            }
        }
    }

    private WalkSpec walk(List<BytePath> paths, FileFilter filter) {
        return filters.walk(paths.iterator(), filter, given.order(), WalkSpec.Given.FILES_TREES_AND_STANDARD_INPUT);
    }

    private int exitCode(ScanSummary summary) {
        if (summary.stopped()) {
            return invocation.stop().exitCode();
        }
        return summary.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private String sentence(ScanSummary summary) {
        var text = new StringBuilder();
        text.append(summary.stopped() ? "stopped after " : "read ");
        text.append(summary.files()).append(summary.files() == 1 ? " file, " : " files, ");
        text.append(ByteSize.format(summary.bytes()));
        text.append(" in ").append(Decimals.format(summary.seconds(), 2)).append(" s (");
        text.append(ByteRate.format(summary.bytesPerSecond())).append(")");
        if (summary.failed() > 0) {
            text.append("; ").append(summary.failed()).append(" failed");
        }
        if (summary.changed() > 0) {
            text.append("; ").append(summary.changed()).append(" changed while being read");
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
