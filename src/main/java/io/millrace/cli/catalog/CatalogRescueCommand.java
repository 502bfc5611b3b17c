// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.maintenance.FileRescue;
import io.millrace.catalog.maintenance.RescueLog;
import io.millrace.catalog.record.FileRecord;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.pagecache.CachedCopyRescue.Mode;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog rescue}: good cached copies over bad blocks. */
final class CatalogRescueCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<Boolean> dryRun =
            Argument.flag("--dry-run", "Show what would be written, and where it lies on the device; write nothing.");
    private final Argument<Boolean> json = Argument.json();
    private final CatalogOptions catalog = new CatalogOptions();
    private final Argument<List<BytePath>> files =
            Argument.parameters("1..*", "FILE", BytePath.class, "Files that the catalog knows.");

    private CatalogRescueCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogRescueCommand(invocation);
        return new CommandBuilder("rescue", command)
                .description(
                        "Have the kernel write good cached copies over bad blocks of the device.",
                        "",
                        "Each block is read on the device. Where it is not what the catalog recorded, and the page cache still holds"
                                + " that, the pages that differ are written again, read back from the device, and the time of"
                                + " modification is restored. Nothing else is written. Refused for a file that the catalog does not"
                                + " know, that was written since, or that is live. What was done is appended to rescue.log beside the"
                                + " catalog. The device has just lost data: replace it, too.",
                        "")
                .exitCodes(
                        "0", "all files are as recorded now, or would be",
                        "1", "done, but some are not, or were refused",
                        "2", "wrong usage")
                .examples(
                        "  millrace catalog rescue --dry-run /srv/db/table", "  millrace catalog rescue /srv/db/table")
                .add(command.dryRun, command.json, command.catalog.argument(), command.files)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        var posix = invocation.posix();
        CatalogPlace place = catalog.place(posix);
        if (dryRun.get()) {
            try (CatalogReader reader = Catalog.openReader(posix, place)) {
                return run(reader, Mode.DRY_RUN, new NoBooks());
            }
        }
        try (Catalog opened = Catalog.openExisting(posix, place);
                CatalogReader reader = opened.reader();
                RescueLog log = RescueLog.open(posix, place.directory())) {
            return run(reader, Mode.WRITE, new Books() {
                @Override
                public void onBlock(BytePath path, FileRescue.Block block) throws IOException {
                    log.append(path, block, Instant.now());
                }

                @Override
                public void onVerified(FileRecord stored, FileRecord record) throws IOException {
                    try (WriteBatch batch = opened.begin()) {
                        if (batch.find(record.key()).filter(stored::equals).isPresent()) {
                            batch.put(record);
                        } // else a scan has recorded it meanwhile
                        batch.commit();
                    }
                }
            });
        }
    }

    /** Keeps what was done. */
    private interface Books {
        void onBlock(BytePath path, FileRescue.Block block) throws IOException;

        /** All of the file was found, or made, what is recorded. */
        void onVerified(FileRecord stored, FileRecord record) throws IOException;
    }

    /** A dry run leaves no trace. */
    private static final class NoBooks implements Books {
        @Override
        public void onBlock(BytePath path, FileRescue.Block block) {
            // nothing was done
        }

        @Override
        public void onVerified(FileRecord stored, FileRecord record) {
            // nothing was done
        }
    }

    private int run(CatalogReader reader, Mode mode, Books books) throws IOException {
        try (var out = new ResultStream(invocation);
                var rescue = new FileRescue(invocation.posix(), invocation.stop()::isRequested)) {
            var report = new RescueReport(out, invocation.console(), json.get(), mode);
            CatalogFiles.Work work = (path, file, stored) -> {
                Optional<String> refusal = FileRescue.refusal(stored, file.status());
                if (refusal.isPresent()) {
                    report.failure(path, path + ": not rescued: " + refusal.get());
                    return;
                }
                var result = rescue.rescue(file, stored.orElseThrow(), mode, block -> {
                    books.onBlock(path, block);
                    report.block(path, block);
                });
                Optional<FileRecord> verified = FileRescue.recordAfter(stored.get(), result, Instant.now());
                if (verified.isPresent()) {
                    books.onVerified(stored.get(), verified.get());
                }
                report.file(path, result);
            };
            new CatalogFiles(invocation, reader).forEach(files.get(), work, report::failure);
            boolean isStopped = invocation.stop().isRequested();
            report.summary(isStopped);
            if (isStopped) {
                return invocation.stop().exitCode();
            }
            return report.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }
}
