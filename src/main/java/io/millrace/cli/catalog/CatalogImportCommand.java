// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.exchange.NdjsonImport;
import io.millrace.catalog.maintenance.CatalogImporter;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.files.RecordReader;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.verify.ManifestLines;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog import}: records from exports, and digests from manifests. */
final class CatalogImportCommand implements Callable<Integer> {
    private final Invocation invocation;

    private final Argument<DigestAlgorithm> digest = Argument.option(
            "--digest",
            "D",
            new EnumParser.Digests(),
            "The digest of lines of manifests that do not name it. Default: told by the number of digits.");

    private final Argument<Boolean> json = Argument.json();
    private final CatalogOptions catalog = new CatalogOptions();

    private final Argument<List<BytePath>> files =
            Argument.parameters("1..*", "FILE", BytePath.class, "Exports or manifests; - is standard input.");

    private long filesFailed;
    private long malformedLines;

    private CatalogImportCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogImportCommand(invocation);
        return new CommandBuilder("import", command)
                .description(
                        "Take records into the catalog, from exports of ndjson or from manifests of checksums.",
                        "",
                        "A manifest holds lines of sha256sum, md5sum and the like (plain, --tag or --zero), of xxhsum or of"
                                + " hashdeep. Its files are opened, to know which ones they are, and not read; the next scan that"
                                + " records compares them. What the catalog knows from reading stays as it is. A catalog that is"
                                + " missing is created.",
                        "")
                .examples(
                        "  millrace catalog import web1.ndjson",
                        "  cd /srv/backups && millrace catalog import SHA256SUMS")
                .add(command.digest, command.json, command.catalog.argument(), command.files)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        if (files.get().stream().filter(RecordReader.STANDARD_INPUT::equals).count() > 1) {
            throw files.refused("-: standard input can be read only once");
        }
        try (Catalog opened = open();
                var out = new ResultStream(invocation)) {
            var importer = new CatalogImporter(invocation.posix(), opened, Instant.now(), invocation.console()::say);
            for (BytePath file : files.get()) {
                if (!invocation.stop().isRequested()) {
                    add(importer, file);
                }
            }
            return conclude(importer.finish(), out);
        }
    }

    private Catalog open() throws IOException {
        var posix = invocation.posix();
        CatalogPlace place = catalog.place(posix);
        if (Catalog.exists(posix, place)) {
            return Catalog.openExisting(posix, place);
        }
        return Catalog.open(posix, catalog.placeToCreate(posix), new CatalogListener() {
            @Override
            public void onCreated(BytePath database, int backups) {
                invocation.console().report("created " + database);
            }
        });
    }

    private void add(CatalogImporter importer, BytePath file) throws IOException {
        try (var reader = RecordReader.open(invocation.posix(), file, invocation.stop()::isRequested)) {
            if (isExport(reader.peek())) {
                String name = file.equals(RecordReader.STANDARD_INPUT) ? "standard input" : file.display();
                importer.addAll(new NdjsonImport(reader.bytes(), name), invocation.stop()::isRequested);
            } else {
                var lines = new ManifestLines(invocation.posix(), invocation.console()::say, invocation.stop());
                malformedLines += lines.read(reader, file, Optional.ofNullable(digest.orNull()), importer::add);
            }
        } catch (CatalogException e) {
            throw e;
        } catch (IOException e) {
            if (!invocation.stop().isRequested()) {
                filesFailed++;
                invocation.console().say(String.valueOf(e.getMessage()));
            }
        }
    }

    private static boolean isExport(byte[] start) {
        return start.length > 0 && start[0] == '{';
    }

    private int conclude(CatalogImporter.Counts counts, ResultStream out) throws IOException {
        boolean isStopped = invocation.stop().isRequested();
        if (json.get()) {
            new JsonLines(out).object("summary", object -> {
                object.writeNumberField("recorded", counts.recorded());
                object.writeNumberField("kept", counts.kept());
                object.writeNumberField("failed", counts.failed());
                object.writeNumberField("files_failed", filesFailed);
                object.writeNumberField("malformed_lines", malformedLines);
                object.writeBooleanField("stopped", isStopped);
            });
        }
        out.flush();
        invocation
                .console()
                .report((isStopped ? "stopped after it " : "") + "imported " + counts.recorded()
                        + (counts.recorded() == 1 ? " name" : " names")
                        + (counts.kept() > 0 ? "; " + counts.kept() + " kept, being recorded already" : "")
                        + (counts.failed() > 0 ? "; " + counts.failed() + " failed" : ""));
        if (isStopped) {
            return invocation.stop().exitCode();
        }
        return counts.failed() == 0 && filesFailed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
}
