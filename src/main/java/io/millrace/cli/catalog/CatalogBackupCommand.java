// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.BackupFiles;
import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogPlace;
import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.options.CatalogOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.FileType;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Model.CommandSpec;

/** {@code millrace catalog backup}: a copy of the database that is whole, also while the service writes. */
final class CatalogBackupCommand implements Callable<Integer> {
    private final Invocation invocation;
    private final Argument<Boolean> json = Argument.json();
    private final CatalogOptions catalog = new CatalogOptions();

    private final Argument<BytePath> target = Argument.parameter(
            "TARGET",
            BytePath.class,
            "The file that is written; or a directory, in which it is catalog.db.backup-TIME. A former backup of the"
                    + " name is replaced once the new one is whole.");

    private CatalogBackupCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    static CommandSpec spec(Invocation invocation) {
        var command = new CatalogBackupCommand(invocation);
        return new CommandBuilder("backup", command)
                .description(
                        "Copy the catalog to another place: checked, durable, and whole at any moment.",
                        "",
                        "The service may write meanwhile. To restore a backup, stop what uses the catalog and copy it to"
                                + " catalog.db in the catalog's directory.",
                        "")
                .examples("  millrace catalog backup /mnt/second-disk/catalog.db")
                .add(command.json, command.catalog.argument(), command.target)
                .build();
    }

    @Override
    public Integer call() throws IOException {
        var posix = invocation.posix();
        CatalogPlace place = catalog.place(posix);
        BytePath written = target.get();
        if (isDirectory(written)) {
            written = new BackupFiles(posix, written).pathFor(Instant.now());
        }
        Catalog.copy(posix, place, written);
        long bytes = posix.files().status(written).sizeBytes();
        try (var out = new ResultStream(invocation)) {
            if (json.get()) {
                String path = written.toUtf8();
                new JsonLines(out).object("summary", object -> {
                    object.writeStringField("target", path);
                    object.writeNumberField("bytes", bytes);
                });
            }
            out.flush();
        }
        invocation.console().report("copied " + place.database() + " to " + written);
        return ExitCode.DONE;
    }

    private boolean isDirectory(BytePath path) throws PosixException {
        try {
            return invocation.posix().files().status(path).type() == FileType.DIRECTORY;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return false;
            }
            throw e;
        }
    }
}
