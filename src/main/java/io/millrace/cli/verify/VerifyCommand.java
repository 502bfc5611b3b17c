// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.record.Verdict;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.options.AbandonableScan;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.options.ReadOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ProgressBar;
import io.millrace.cli.output.ResultStream;
import io.millrace.files.RecordReader;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanListener;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.Workers;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.SizeCounter;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import io.millrace.units.Decimals;
import io.millrace.verify.Difference;
import io.millrace.verify.FileVerdict;
import io.millrace.verify.ManifestCheck;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace verify}: compares files with the catalog or with manifests of checksums. */
public final class VerifyCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<List<BytePath>> manifests = Argument.options(
            "--manifest",
            "SUMS",
            BytePath.class,
            "A file of checksums; - is standard input. May be given several times. Without: verify on the device,"
                    + " against the catalog.");

    private final Argument<DigestAlgorithm> digest = Argument.option(
            "--digest",
            "D",
            new EnumParser.Digests(),
            "The digest of lines that do not name it: crc32c, xxh3, sha256, sha512, sha1, md5, blake2b-512,"
                    + " sha3-256, sha512-256. Default: told by"
                    + " the number of digits, and for crc32c and xxh3 by the manifest's name.");

    private final Argument<Boolean> quiet = Argument.flag("--quiet", "Print only files that are not ok.");

    private final Argument<Boolean> ignoreMissing = Argument.flag(
            "--ignore-missing", "Pass over files that are missing; a failure if no file is verified at all.");

    private final Argument<Boolean> strict = Argument.flag("--strict", "Malformed lines in a manifest are a failure.");

    private final Argument<Boolean> json = Argument.json();
    private final ReadOptions reading = new ReadOptions();

    private final Argument<List<BytePath>> paths = Argument.parameters(
            "0..*",
            "PATH",
            BytePath.class,
            "Verify only what is below, and report files there that are in no manifest, or not in the catalog.");

    private final CatalogOptions catalog = new CatalogOptions();

    private final VerdictCounts counts = new VerdictCounts();

    private VerifyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    public static CommandSpec spec(Invocation invocation) {
        var command = new VerifyCommand(invocation);
        var builder = new CommandBuilder("verify", command)
                .description(
                        "Read files on the device and compare them with the catalog, or with manifests of checksums. The page"
                                + " cache stays as it was.",
                        "",
                        "Without --manifest each file is compared, by blocks of 1 MiB, with what `millrace scan --record` or the"
                                + " last verification recorded. The device is read past the page cache, as a checksum of a hot"
                                + " file checks the memory, not the disk. A line for each file is NAME: VERDICT:",
                        "  ok, new         the content is the recorded one; it was not known, and is now",
                        "  moved           known, under another name that is gone",
                        "  unsettled, live dirty, or written a moment ago; three times so: live. No failure",
                        "  modified        size or mtime changed: somebody wrote to it; recorded anew",
                        "  missing         known, its file system is mounted, and no file has the name",
                        "  unreadable      it is there, and cannot be read to its end",
                        "  transient       one read gave other content, and the next ones the recorded one",
                        "  memory suspect  the disk has the recorded content, the page cache another one",
                        "  corrupt         the content is another one, size and mtime are not",
                        "  disk bad, cached copy good",
                        "                  only the page cache has the recorded content: rescue it before it is evicted",
                        "What is recorded stays as it is after the last three, until the content is accepted.",
                        "",
                        "A manifest holds lines of sha256sum, md5sum and the like (plain, --tag or --zero), of xxhsum or of"
                                + " hashdeep. Each file is read once for all its digests. Names are relative to the current"
                                + " directory. A line for each file is written as sha256sum --check does:",
                        "  NAME: OK      ok: digests, and the size where known, are the manifest's",
                        "  NAME: FAILED  modified: the content is another one; a manifest, which",
                        "                has no times, cannot tell a written file from a rotten one",
                        "  NAME: FAILED open or read   missing, or unreadable",
                        "  NAME: NEW     new: below a PATH, but in no manifest; no failure",
                        "Malformed lines are reported, and a failure only with --strict.",
                        "")
                .exitCodes(
                        "0", "all files that were verified matched, or are new or unsettled",
                        "1",
                                "done, but some files did not match, are missing or could not be read, or none was verified",
                        "2", "wrong usage",
                        "129, 130, 143", "ended by SIGHUP, SIGINT, SIGTERM",
                        "141", "standard output was closed")
                .examples(
                        "  millrace verify /srv/backups",
                        "  millrace verify --quiet --json",
                        "  cd /srv/backups && millrace verify --manifest SHA256SUMS --quiet",
                        "  millrace verify --manifest known.hashdeep --json /srv/archive/2025")
                .add(command.manifests, command.digest, command.quiet, command.ignoreMissing, command.strict)
                .add(command.json, command.catalog.argument(), command.paths);
        command.reading.addTo(builder);
        return builder.build();
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (!manifests.isGiven()) {
            return againstCatalog();
        }
        if (catalog.isGiven()) {
            throw manifests.refused("give --manifest, or --catalog");
        }
        var options = reading.scanOptions(Set.of());
        var limiter = reading.limiter();
        if (manifests.get().stream().filter(RecordReader.STANDARD_INPUT::equals).count() > 1) {
            throw manifests.refused("--manifest -: standard input can be read only once");
        }
        var check = new ManifestCheck(invocation.posix(), invocation.console()::say, invocation.stop());
        load(check);
        check.restrictTo(paths.get());
        try (var out = new ResultStream(invocation)) {
            var lines = new VerdictJson(new JsonLines(out));
            VerdictFormat format = json.get() ? lines : new CheckLines(out);
            var scanner = new BulkScanner(
                    invocation.posix(),
                    options.choosing(check.algorithms(), check),
                    new Workers(List.of(), "verify"),
                    limiter,
                    invocation.stop());
            ScanSummary summary = AbandonableScan.run(scanner, invocation.stop(), () -> scan(scanner, check, format));
            listNew(check, format);
            if (json.get()) {
                lines.summary(counts, summary, reading.policy());
            }
            out.flush();
            return conclude(check, summary);
        }
    }

    private int againstCatalog() throws IOException, InterruptedException {
        for (Argument<?> ofManifests : List.of(digest, strict)) {
            if (ofManifests.isGiven()) {
                throw ofManifests.refused(ofManifests.name() + " is about --manifest, which is missing");
            }
        }
        if (reading.policy() != CachePolicy.NEUTRAL) {
            throw manifests.refused("--cache "
                    + reading.policy().name().toLowerCase(Locale.ROOT)
                    + " is about --manifest: on the device files are read past the page cache, which stays as it is");
        }
        var wanted = new CatalogVerification.Options(paths.get(), quiet.get(), ignoreMissing.get(), json.get());
        return new CatalogVerification(invocation, reading, wanted).run(catalog);
    }

    private void load(ManifestCheck check) {
        for (BytePath manifest : manifests.get()) {
            try {
                check.load(manifest, Optional.ofNullable(digest.orNull()));
            } catch (IOException e) {
                counts.addFailedManifest();
                invocation.console().say(String.valueOf(e.getMessage()));
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
                boolean ignored = ignoreMissing.get() && verdict.verdict() == Verdict.MISSING;
                if (!ignored && !(quiet.get() && verdict.verdict() == Verdict.OK)) {
                    format.file(verdict);
                }
                if (!ignored) {
                    explain(verdict);
                }
            }
        };
        var sizeCounter = new SizeCounter(invocation.posix(), WalkSpec.ofFiles(check.files()));
        try (ProgressBar bar = new ProgressBar(reading.progress(), invocation, scanner.progress(), sizeCounter)) {
            return scanner.scan(WalkSpec.ofFiles(check.files()), listener);
        }
    }

    /** Prints details that the line of a file does not contain. */
    private void explain(FileVerdict verdict) {
        verdict.result().error().ifPresent(invocation.console()::say);
        verdict.result().change().ifPresent(invocation.console()::say);
        for (Difference difference : verdict.differences()) {
            String where = difference.manifest() + ":" + difference.line();
            if (difference.isOfSize()) {
                invocation
                        .console()
                        .say(verdict.result().path() + ": has " + difference.actual() + " bytes, not the "
                                + difference.expected() + " of " + where);
            } else if (verdict.compared() > 1) {
                invocation
                        .console()
                        .say(verdict.result().path() + ": " + difference.what() + " is not that of " + where);
            }
        }
    }

    private void listNew(ManifestCheck check, VerdictFormat format) throws IOException {
        var names = new FileVisitor.Names() {
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
                invocation.console().say(error);
            }
        };
        new FileVisitor(invocation.posix(), invocation.stop()).list(WalkSpec.of(check.treesToList()), names);
    }

    private int conclude(ManifestCheck check, ScanSummary summary) {
        reading.forcedInVain(summary.effect()).ifPresent(invocation.console()::say);
        boolean stopped = invocation.stop().isRequested();
        if (!stopped && !counts.isAnyVerified()) {
            invocation
                    .console()
                    .say(
                            check.count() > 0 && !paths.get().isEmpty()
                                    ? "no file was verified: no manifest names one below the paths that could be read"
                                    : "no file was verified");
        }
        invocation.console().report(sentence(summary, stopped));
        if (stopped) {
            return invocation.stop().exitCode();
        }
        return counts.isGood(ignoreMissing.get(), strict.get()) ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }

    private String sentence(ScanSummary summary, boolean stopped) {
        return (stopped ? "stopped after " : "verified ")
                + counts.sentence()
                + "; " + ByteSize.format(summary.bytes()) + " in " + Decimals.format(summary.seconds(), 2) + " s ("
                + ByteRate.format(summary.bytesPerSecond()) + ")"
                + reading.cacheWords(summary.effect());
    }
}
