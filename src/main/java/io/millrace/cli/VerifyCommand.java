// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.posix.RecordReader;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.Census;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.scan.FileResult;
import io.millrace.scan.FileTour;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.Walk;
import io.millrace.scan.Workers;
import io.millrace.verify.Difference;
import io.millrace.verify.FileVerdict;
import io.millrace.verify.ManifestCheck;
import io.millrace.verify.Verdict;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
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

/** {@code millrace verify}: compares files with manifests of checksums. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description = {
            "Read files once, compare them with manifests of checksums, and leave the page cache as it was.",
            "",
            "A manifest holds lines of sha256sum, md5sum and the like (plain, --tag or --zero), of xxhsum or of hashdeep. Each"
                    + " file is read once for all its digests. Names are relative to the current directory. A line for each"
                    + " file is written as sha256sum --check does:",
            "  NAME: OK      ok: digests, and the size where known, are the manifest's",
            "  NAME: FAILED  modified: the content is another one; a manifest, which",
            "                has no times, cannot tell a written file from a rotten one",
            "  NAME: FAILED open or read   missing, or unreadable",
            "  NAME: NEW     new: below a PATH, but in no manifest; no failure",
            "The exit code is 1 if a file is modified, missing or unreadable, or if none was verified. Malformed lines are"
                    + " reported, and a failure only with --strict.",
            ""
        },
        footer = {
            "",
            "Examples:",
            "  cd /srv/backups && millrace verify --manifest SHA256SUMS --quiet",
            "  millrace verify --manifest known.hashdeep --json /srv/archive/2025"
        })
final class VerifyCommand implements Callable<Integer> {
    @ParentCommand
    private Main main;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--manifest",
            paramLabel = "SUMS",
            required = true,
            description = "A file of checksums; - is standard input. May be given several times.")
    private List<BytePath> manifests = List.of();

    @Option(
            names = "--digest",
            paramLabel = "D",
            converter = EnumWords.Digests.class,
            completionCandidates = EnumWords.Digests.class,
            description =
                    "The digest of lines that do not name it: crc32c, xxh3, sha256, sha512, sha1, md5, blake2b-512,"
                            + " sha3-256, sha512-256. Default: told by"
                            + " the number of digits, and for crc32c and xxh3 by the manifest's name.")
    private @Nullable DigestAlgorithm digest;

    @Option(names = "--quiet", description = "Print only files that are not ok.")
    private boolean quiet;

    @Option(
            names = "--ignore-missing",
            description = "Pass over files that are missing; a failure if no file is verified at all.")
    private boolean ignoreMissing;

    @Option(names = "--strict", description = "Malformed lines in a manifest are a failure.")
    private boolean strict;

    @Option(names = "--json", description = "One JSON object a line; the last is the summary.")
    private boolean json;

    @Mixin
    private ReadOptions reading;

    @Parameters(
            paramLabel = "PATH",
            description = "Verify only what is below, and report files there that are in no manifest.")
    private List<BytePath> paths = List.of();

    private final VerdictCounts counts = new VerdictCounts();

    @Override
    public Integer call() throws IOException, InterruptedException {
        var options = reading.scanOptions(Set.of());
        var limiter = reading.limiter();
        if (manifests.stream().filter(RecordReader.STANDARD_INPUT::equals).count() > 1) {
            throw new ParameterException(spec.commandLine(), "--manifest -: standard input can be read only once");
        }
        var check = new ManifestCheck(main.posix(), main.console()::say, main.stop());
        load(check);
        check.restrictTo(paths);
        try (var out = new ResultStream(main)) {
            var lines = new VerdictJson(new JsonLines(out));
            VerdictFormat format = json ? lines : new CheckLines(out);
            var scanner = new BulkScanner(
                    main.posix(),
                    options.choosing(check.algorithms(), check),
                    new Workers(List.of(), "verify"),
                    limiter,
                    main.stop());
            ScanSummary summary = AbandonableScan.run(scanner, main.stop(), () -> scan(scanner, check, format));
            listNew(check, format);
            if (json) {
                lines.summary(counts, summary, reading.policy());
            }
            out.flush();
            return conclude(check, summary);
        }
    }

    private void load(ManifestCheck check) {
        for (BytePath manifest : manifests) {
            try {
                check.load(manifest, Optional.ofNullable(digest));
            } catch (IOException e) {
                counts.addFailedManifest();
                main.console().say(String.valueOf(e.getMessage()));
            }
        }
        counts.setMalformedLines(check.malformedLines());
    }

    private ScanSummary scan(BulkScanner scanner, ManifestCheck check, VerdictFormat format)
            throws IOException, InterruptedException {
        var listener = new ScanListener() {
            @Override
            public void fileFinished(FileResult result) throws IOException {
                FileVerdict verdict = check.judge(result);
                counts.add(verdict.verdict());
                boolean ignored = ignoreMissing && verdict.verdict() == Verdict.MISSING;
                if (!ignored && !(quiet && verdict.verdict() == Verdict.OK)) {
                    format.file(verdict);
                }
                if (!ignored) {
                    explain(verdict);
                }
            }
        };
        var census = new Census(main.posix(), Walk.ofFiles(check.files()));
        try (ProgressBar bar = new ProgressBar(reading.progress, main, scanner.progress(), census)) {
            return scanner.scan(Walk.ofFiles(check.files()), listener);
        }
    }

    /** What the line of a file does not say. */
    private void explain(FileVerdict verdict) {
        verdict.result().error().ifPresent(main.console()::say);
        verdict.result().change().ifPresent(main.console()::say);
        for (Difference difference : verdict.differences()) {
            String where = difference.manifest() + ":" + difference.line();
            if (difference.isOfSize()) {
                main.console()
                        .say(verdict.result().path() + ": has " + difference.actual() + " bytes, not the "
                                + difference.expected() + " of " + where);
            } else if (verdict.compared() > 1) {
                main.console().say(verdict.result().path() + ": " + difference.what() + " is not that of " + where);
            }
        }
    }

    private void listNew(ManifestCheck check, VerdictFormat format) throws IOException {
        var names = new FileTour.Names() {
            @Override
            public void file(BytePath path) throws IOException {
                if (check.isNew(path)) {
                    counts.add(Verdict.NEW);
                    format.newFile(path);
                }
            }

            @Override
            public void failed(String error) {
                counts.addUnlisted();
                main.console().say(error);
            }
        };
        new FileTour(main.posix(), main.stop()).list(Walk.of(check.treesToList()), names);
    }

    private int conclude(ManifestCheck check, ScanSummary summary) {
        reading.forcedInVain(summary.effect()).ifPresent(main.console()::say);
        boolean stopped = main.stop().isRequested();
        if (!stopped && !counts.isAnyVerified()) {
            main.console()
                    .say(
                            check.count() > 0 && !paths.isEmpty()
                                    ? "no file was verified: no manifest names one below the paths that could be read"
                                    : "no file was verified");
        }
        main.console().report(sentence(summary, stopped));
        if (stopped) {
            return main.stop().exitCode();
        }
        return counts.isGood(ignoreMissing, strict) ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private String sentence(ScanSummary summary, boolean stopped) {
        return (stopped ? "stopped after " : "verified ")
                + counts.sentence()
                + String.format(
                        Locale.ROOT,
                        "; %s in %.2f s (%s/s)",
                        ByteSize.format(summary.bytes()),
                        summary.seconds(),
                        ByteSize.format(Math.round(summary.bytesPerSecond())))
                + reading.cacheWords(summary.effect());
    }
}
