// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.cli.output.Invocation;
import io.millrace.posix.FileType;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.observe.FileKeys;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Opens given files one after the other, each with what is recorded of it. Directories are refused: what is done to a file here
 * is done by its name. One thread.
 */
final class CatalogFiles {
    /** What is done with one file. An exception is this file's failure, unless it is the catalog's. */
    interface Work {
        void on(BytePath path, OpenedFile file, Optional<FileRecord> stored) throws IOException;
    }

    /** Takes the failure of a file: one line that names it. */
    interface Failures {
        void failed(BytePath path, String error) throws IOException;
    }

    private final Invocation invocation;
    private final CatalogReader reader;
    private final FileKeys keys;

    CatalogFiles(Invocation invocation, CatalogReader reader) {
        this.invocation = invocation;
        this.reader = reader;
        this.keys = new FileKeys(invocation.posix());
    }

    /** Goes over the files, until a stop is requested. */
    void forEach(List<BytePath> paths, Work work, Failures failures) throws IOException {
        var visitor = new FileVisitor(invocation.posix(), invocation.stop());
        for (BytePath path : paths) {
            if (invocation.stop().isRequested()) {
                return;
            }
            if (isDirectory(path)) {
                failures.failed(path, path + ": is a directory; name its files");
                continue;
            }
            visitor.visit(
                    List.of(path).iterator(),
                    file -> {
                        FileKey key = keys.of(file.fd(), file.status());
                        work.on(path, file, reader.find(key));
                        return path;
                    },
                    new FileVisitor.Report<BytePath>() {
                        @Override
                        public void done(BytePath unused, BytePath alike) {
                            // the work has reported it
                        }

                        @Override
                        public void failed(BytePath unused, String error) throws IOException {
                            failures.failed(path, error);
                        }
                    });
        }
    }

    private boolean isDirectory(BytePath path) {
        try {
            return invocation.posix().files().status(path).type() == FileType.DIRECTORY;
        } catch (PosixException e) {
            return false; // opening it will report the error
        }
    }
}
