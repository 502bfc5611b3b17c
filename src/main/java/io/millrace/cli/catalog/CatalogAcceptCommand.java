// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.maintenance.Acceptance;
import io.millrace.catalog.record.FileRecord;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.NameLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog accept}: takes the content of files as the new baseline. */
final class CatalogAcceptCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<Boolean> dryRun = Argument.flag("--dry-run", "Read and judge only; record nothing.");
    private final Argument<Boolean> json = Argument.json();
    private final CatalogOptions catalog = new CatalogOptions();
    private final Argument<List<BytePath>> files =
            Argument.parameters("1..*", "FILE", BytePath.class, "Files that the catalog knows.");

    private long accepted;
    private long acceptedBytes;
    private long failed;

    private CatalogAcceptCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogAcceptCommand(invocation);
        return new CommandBuilder("accept", command)
                .description(
                        "Read files on the device, and take their content as what is recorded from now on.",
                        "",
                        "For a file that was found corrupt, and whose content is right nevertheless, or was restored: until it is"
                                + " accepted, the catalog keeps what it had. Refused for a file that is dirty or was written less"
                                + " than 2 s before, and for one of which the page cache holds other content than the device.",
                        "")
                .exitCodes("0", "all were accepted", "1", "done, but some were not", "2", "wrong usage")
                .examples("  millrace catalog accept /srv/backups/restored.tar.zst")
                .add(command.dryRun, command.json, command.catalog.argument(), command.files)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        var posix = invocation.posix();
        if (dryRun.get()) {
            try (CatalogReader reader = Catalog.openReader(posix, catalog.place(posix))) {
                return run(reader, (stored, record) -> true);
            }
        }
        try (Catalog opened = Catalog.openExisting(posix, catalog.place(posix));
                CatalogReader reader = opened.reader()) {
            return run(reader, (stored, record) -> {
                try (WriteBatch batch = opened.begin()) {
                    boolean isStill =
                            batch.find(record.key()).filter(stored::equals).isPresent();
                    if (isStill) {
                        batch.put(record);
                    }
                    batch.commit();
                    return isStill;
                }
            });
        }
    }

    /** Records a file durably; false where it was recorded anew meanwhile. */
    private interface Store {
        boolean put(FileRecord stored, FileRecord record) throws IOException;
    }

    private int run(CatalogReader reader, Store store) throws IOException {
        try (var out = new ResultStream(invocation);
                var acceptance = new Acceptance(invocation.posix(), invocation.stop()::isRequested)) {
            var names = new NameLines(out);
            var lines = new JsonLines(out);
            new CatalogFiles(invocation, reader)
                    .forEach(
                            files.get(),
                            (path, file, stored) -> {
                                Optional<Acceptance.Result> result = accept(acceptance, file, stored);
                                if (result.isPresent()) {
                                    report(path, stored, result.get(), store, names, lines);
                                }
                            },
                            (path, error) -> fail(path, error, lines));
            return conclude(out, lines);
        }
    }

    /** Empty where it was told to stop. */
    private static Optional<Acceptance.Result> accept(
            Acceptance acceptance, OpenedFile file, Optional<FileRecord> stored) throws IOException {
        return stored.isPresent()
                ? acceptance.accept(file, stored.get())
                : Optional.of(new Acceptance.Result(Optional.empty(), "the catalog does not know it"));
    }

    private void report(
            BytePath path,
            Optional<FileRecord> stored,
            Acceptance.Result result,
            Store store,
            NameLines names,
            JsonLines lines)
            throws IOException {
        if (result.record().isEmpty()) {
            fail(path, path + ": not accepted: " + result.reason(), lines);
            return;
        }
        FileRecord record = result.record().get();
        if (!store.put(stored.orElseThrow(), record)) {
            fail(path, path + ": not accepted: a scan recorded it meanwhile", lines);
            return;
        }
        accepted++;
        acceptedBytes = ByteSize.sum(acceptedBytes, record.state().sizeBytes());
        String before = stored.map(old -> old.verdict().label()).orElse("");
        if (json.get()) {
            object(lines, path, before, record.state().sizeBytes(), null);
        } else {
            names.line(path, (dryRun.get() ? "WOULD BE ACCEPTED" : "ACCEPTED") + " (was " + before + ")");
        }
    }

    private void fail(BytePath path, String error, JsonLines lines) throws IOException {
        failed++;
        invocation.console().say(error);
        if (json.get()) {
            object(lines, path, null, 0, error);
        }
    }

    private static void object(
            JsonLines lines, BytePath path, @Nullable String before, long bytes, @Nullable String error)
            throws IOException {
        lines.object("file", object -> {
            ResultJson.path(object, path);
            object.writeBooleanField("accepted", error == null);
            object.writeStringField("verdict_before", before);
            object.writeNumberField("bytes", bytes);
            object.writeStringField("error", error);
        });
    }

    private int conclude(ResultStream out, JsonLines lines) throws IOException {
        boolean isStopped = invocation.stop().isRequested();
        if (json.get()) {
            lines.object("summary", object -> {
                object.writeNumberField("files", accepted);
                object.writeNumberField("bytes", acceptedBytes);
                object.writeNumberField("failed", failed);
                object.writeBooleanField("dry_run", dryRun.get());
                object.writeBooleanField("stopped", isStopped);
            });
        }
        out.flush();
        invocation
                .console()
                .report((isStopped ? "stopped after it " : "")
                        + (dryRun.get() ? "would accept " : "accepted ")
                        + accepted
                        + (accepted == 1 ? " file, " : " files, ")
                        + ByteSize.format(acceptedBytes)
                        + (failed > 0 ? "; " + failed + " not accepted" : ""));
        if (isStopped) {
            return invocation.stop().exitCode();
        }
        return failed == 0 ? ExitCode.DONE : ExitCode.SOME_FAILED;
    }
}
