// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.exchange.ExportWriter;
import io.millrace.catalog.exchange.HashdeepExport;
import io.millrace.catalog.exchange.NdjsonExport;
import io.millrace.catalog.exchange.SumsExport;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.verify.NormalPath;
import java.io.IOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog export}: records to standard output, in order of directories and names. */
final class CatalogExportCommand implements Callable<Integer> {
    /** What hashdeep(1) knows, in the order of its columns. */
    private static final Set<DigestAlgorithm> OF_HASHDEEP =
            EnumSet.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA1, DigestAlgorithm.SHA256);

    /** Digests that the number of digits tells, and a program of coreutils checks. */
    private static final Set<DigestAlgorithm> TOLD_BY_DIGITS =
            EnumSet.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA1, DigestAlgorithm.SHA256, DigestAlgorithm.SHA512);

    private final Invocation invocation;

    private final Argument<ExportFormat> format = Argument.option(
                    "--format",
                    "F",
                    new ExportFormat.Parser(),
                    "ndjson: all that is recorded (default). sums: lines for sha256sum --check and the like."
                            + " hashdeep: lines for hashdeep -a.")
            .or(ExportFormat.NDJSON);

    private final Argument<List<DigestAlgorithm>> digests = Argument.options(
            "--digest",
            "D",
            new EnumParser.Digests(),
            "Of sums: one digest, of hashdeep: some of md5, sha1, sha256. Default: sha256.");

    private final Argument<Boolean> nulTerminated =
            Argument.flag("-0", "Lines of sums end in NUL, and names are not escaped, as sha256sum --zero has it.");

    private final CatalogOptions catalog = new CatalogOptions();

    private final Argument<List<BytePath>> paths = Argument.parameters(
            "0..*", "PATH", BytePath.class, "Only these files, and what is below these directories. Default: all.");

    private CatalogExportCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogExportCommand(invocation);
        return new CommandBuilder("export", command)
                .description(
                        "Write what the catalog knows to standard output.",
                        "",
                        "Names are absolute, in order of directories and names. No file is read. A file without one of the digests"
                                + " has no line in sums or hashdeep, and neither has a name with a newline in hashdeep; how many"
                                + " that are is said, and the exit code is 1.",
                        "")
                .examples(
                        "  millrace catalog export > web1.ndjson",
                        "  millrace catalog export --format sums --digest sha256 /srv/backups > SHA256SUMS")
                .add(command.format, command.digests, command.nulTerminated, command.catalog.argument(), command.paths)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        checkCombination();
        var posix = invocation.posix();
        try (CatalogReader reader = Catalog.openReader(posix, catalog.place(posix));
                var out = new ResultStream(invocation)) {
            var normal = new NormalPath(posix.process().workingDirectory());
            var roots = paths.get().stream().map(normal::of).toList();
            ExportWriter writer = writer(out);
            var selection = new ExportSelection(invocation, writer, roots);
            selection.visit(reader);
            if (invocation.stop().isRequested()) {
                out.flush();
                invocation.console().say("stopped; the export is not whole");
                return invocation.stop().exitCode();
            }
            writer.end();
            out.flush();
            return conclude(selection);
        }
    }

    private void checkCombination() {
        if (format.get() == ExportFormat.NDJSON && digests.isGiven()) {
            throw digests.refused("--digest is about --format sums or hashdeep; ndjson has all digests");
        }
        if (format.get() != ExportFormat.SUMS && nulTerminated.get()) {
            throw nulTerminated.refused("-0 is about --format sums");
        }
        if (format.get() == ExportFormat.SUMS && digests.get().size() > 1) {
            throw digests.refused("--format sums has one --digest; export once for each");
        }
        if (format.get() == ExportFormat.HASHDEEP && !OF_HASHDEEP.containsAll(digests.get())) {
            throw digests.refused("--format hashdeep has only md5, sha1 and sha256");
        }
    }

    private Set<DigestAlgorithm> chosen() {
        return digests.get().isEmpty() ? EnumSet.of(DigestAlgorithm.SHA256) : EnumSet.copyOf(digests.get());
    }

    private ExportWriter writer(ResultStream out) throws IOException {
        switch (format.get()) {
            case NDJSON:
                return new NdjsonExport(out);
            case HASHDEEP:
                return new HashdeepExport(
                        out,
                        List.of(DigestAlgorithm.MD5, DigestAlgorithm.SHA1, DigestAlgorithm.SHA256).stream()
                                .filter(chosen()::contains)
                                .map(DigestAlgorithm::label)
                                .toList());
            case SUMS:
                break;
        }
        DigestAlgorithm digest = chosen().iterator().next();
        Optional<String> tag = TOLD_BY_DIGITS.contains(digest) ? Optional.empty() : Optional.of(digest.bsdName());
        return nulTerminated.get()
                ? SumsExport.zeroTerminated(out, digest.label(), tag)
                : new SumsExport(out, digest.label(), tag);
    }

    private int conclude(ExportSelection selection) {
        var said = new StringBuilder("exported " + selection.written());
        said.append(selection.written() == 1 ? " name" : " names");
        if (selection.unwritable() > 0) {
            said.append("; ").append(selection.unwritable()).append(" cannot be written in this format");
        }
        if (selection.damaged() > 0) {
            said.append("; ").append(selection.damaged()).append(" with a damaged record");
        }
        invocation.console().report(said.toString());
        return selection.isWhole() ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
}
