// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.record.Verdict;
import io.millrace.cli.options.AbandonableScan;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.options.OpenedCatalog;
import io.millrace.cli.options.ReadOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonFormat;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.NameLines;
import io.millrace.cli.output.ProgressBar;
import io.millrace.cli.output.RecordedText;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.Workers;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.observe.Observing;
import io.millrace.scan.record.RecordCounts;
import io.millrace.scan.record.RecordListener;
import io.millrace.scan.record.RecordedFile;
import io.millrace.scan.record.ScanRecorder;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.units.ByteSize;
import io.millrace.units.Decimals;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Verifies files on the device, against the catalog. Main thread, apart from the scan's. */
final class CatalogVerification {
    /** What the user has asked for. */
    record Options(List<BytePath> paths, boolean isQuiet, boolean ignoresMissing, boolean isJson) {}

    private final Invocation invocation;
    private final ReadOptions reading;
    private final Options options;

    CatalogVerification(Invocation invocation, ReadOptions reading, Options options) {
        this.invocation = invocation;
        this.reading = reading;
        this.options = options;
    }

    /** Returns the exit code. */
    int run(CatalogOptions place) throws IOException, InterruptedException {
        var scanOptions = reading.scanOptions(Set.of());
        var limiter = reading.limiter();
        try (Catalog catalog = OpenedCatalog.existing(invocation.posix(), place);
                var out = new ResultStream(invocation)) {
            var format = new JsonFormat(new JsonLines(out));
            try (var recorder = new ScanRecorder(
                    invocation.posix(),
                    catalog,
                    id(),
                    Observing.Reading.DEVICE,
                    ScanRecorder.OnFailure.STOP,
                    listener(out, format))) {
                var scanner = new BulkScanner(
                        invocation.posix(),
                        scanOptions.observing(recorder.observing()),
                        new Workers(List.of(), "verify"),
                        limiter,
                        invocation.stop());
                ScanSummary summary =
                        AbandonableScan.run(scanner, invocation.stop(), () -> scan(scanner, catalog, recorder));
                RecordCounts counts = recorder.finish(options.paths(), !summary.stopped());
                if (options.isJson()) {
                    format.summary(summary, reading.policy(), counts, recorder.failure());
                }
                out.flush();
                return conclude(summary, counts);
            }
        }
    }

    /** Under which the catalog keeps the counters of the last such run. */
    private String id() {
        var id = new StringBuilder("verify");
        options.paths().forEach(path -> id.append(' ').append(path));
        return id.toString();
    }

    private RecordListener listener(ResultStream out, JsonFormat format) {
        var lines = new NameLines(out);
        return new RecordListener() {
            @Override
            public void onRecorded(RecordedFile file) throws IOException {
                boolean isOk =
                        file.verdict().filter(verdict -> verdict == Verdict.OK).isPresent();
                boolean isIgnored = options.ignoresMissing()
                        && file.verdict()
                                .filter(verdict -> verdict == Verdict.MISSING)
                                .isPresent();
                if (isIgnored || file.isNotMounted()) {
                    return; // the summary counts them
                }
                if (!(options.isQuiet() && isOk)) {
                    if (options.isJson()) {
                        format.recorded(file);
                    } else {
                        lines.line(
                                file.path(), file.verdict().map(Verdict::label).orElse("not verified"));
                    }
                }
                OpenedCatalog.explain(invocation.console(), file);
            }

            @Override
            public void onCatalogBesideFiles(BytePath catalog, BytePath file) {
                invocation.console().warn(OpenedCatalog.besideFiles(catalog, file));
            }
        };
    }

    private ScanSummary scan(BulkScanner scanner, Catalog catalog, ScanRecorder recorder)
            throws IOException, InterruptedException {
        try (var names = new CatalogPaths(catalog);
                var counted = new CatalogPaths(catalog)) {
            var sizeCounter = new SizeCounter(invocation.posix(), walk(counted));
            try (ProgressBar bar = new ProgressBar(reading.progress(), invocation, scanner.progress(), sizeCounter)) {
                return scanner.scan(walk(names), recorder.results());
            }
        }
    }

    /** Below the given paths; without paths all that the catalog knows. */
    private WalkSpec walk(CatalogPaths known) {
        return options.paths().isEmpty()
                ? WalkSpec.ofFiles(known)
                : WalkSpec.of(options.paths().iterator()).ordered(FileOrder.INODE);
    }

    private int conclude(ScanSummary summary, RecordCounts counts) {
        boolean isAny = counts.verdicts().entrySet().stream()
                .anyMatch(count -> count.getValue() > 0
                        && count.getKey() != Verdict.MISSING
                        && count.getKey() != Verdict.UNREADABLE);
        if (!summary.stopped() && !isAny) {
            invocation.console().say("no file was verified");
        }
        invocation.console().report(sentence(summary, counts));
        if (summary.stopped()) {
            return invocation.stop().exitCode();
        }
        boolean isGood = counts.verdicts().entrySet().stream()
                .noneMatch(count -> count.getValue() > 0
                        && count.getKey().isFailure()
                        && !(options.ignoresMissing() && count.getKey() == Verdict.MISSING));
        return isAny && isGood ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private static String sentence(ScanSummary summary, RecordCounts counts) {
        return (summary.stopped() ? "stopped after " : "verified ")
                + RecordedText.verdicts(counts)
                + "; " + RecordedText.origin(counts.bytes())
                + "; " + ByteSize.format(summary.bytes()) + " in " + Decimals.format(summary.seconds(), 2) + " s ("
                + ByteSize.format(Math.round(summary.bytesPerSecond())) + "/s)";
    }
}
