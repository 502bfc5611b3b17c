// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Opens the files under given paths one after the other, for operations other than scans, with the same walk, the same
 * refusals and the same error messages as a scan. Belongs to one thread.
 */
public final class FileVisitor {
    /** The operation on an open file, which is closed afterwards. If it throws, the file counts as failed. */
    public interface Work<R> {
        R on(OpenedFile file) throws IOException;
    }

    /** Receives the result of every file, in walk order. An exception ends the visit. */
    public interface Report<R> {
        void done(BytePath path, R result) throws IOException;

        /** {@code error}: one line that names the file. */
        void failed(BytePath path, String error) throws IOException;
    }

    /** Receives every path of a walk, in walk order. An exception ends the visit. */
    public interface Names {
        void file(BytePath path) throws IOException;

        /** {@code error}: one line that names what could not be listed. */
        void failed(String error) throws IOException;
    }

    private final Posix posix;
    private final MountTraitsCache mounts;
    private final BooleanSupplier stopping;

    /** Creates a visitor that ends before the next file once {@code stop} is requested. */
    public FileVisitor(Posix posix, CancellationToken stop) {
        this(posix, stop::isRequested);
    }

    /** Creates a visitor that ends before the next file, or during the search for it, once {@code stopping} is true. */
    public FileVisitor(Posix posix, BooleanSupplier stopping) {
        this.posix = posix;
        this.mounts = new MountTraitsCache(posix);
        this.stopping = stopping;
    }

    public <R> void visit(Iterator<BytePath> paths, Work<R> work, Report<R> report) throws IOException {
        visit(WalkSpec.of(paths), work, report);
    }

    public <R> void visit(WalkSpec where, Work<R> work, Report<R> report) throws IOException {
        forEach(where, found -> visit(found, work, report));
    }

    /** Calls {@code names} for every file without opening it. */
    public void list(WalkSpec where, Names names) throws IOException {
        forEach(where, found -> {
            found.release();
            String error = found.error();
            if (error == null) {
                names.file(found.path());
            } else {
                names.failed(error);
            }
        });
    }

    private interface Step {
        void at(WalkEntry found) throws IOException;
    }

    private void forEach(WalkSpec where, Step step) throws IOException {
        try (var walk = new FileWalk(posix, where, stopping)) {
            WalkEntry found = stopping.getAsBoolean() ? null : walk.next();
            while (found != null) {
                step.at(found);
                found = stopping.getAsBoolean() ? null : walk.next();
            }
        }
    }

    private <R> void visit(WalkEntry found, Work<R> work, Report<R> report) throws IOException {
        @Nullable String error = found.error();
        @Nullable R result = null;
        if (error == null) {
            try (var file = OpenedFile.open(posix, mounts, found, stopping)) {
                result = work.on(file);
            } catch (IOException e) {
                error = String.valueOf(e.getMessage());
            } catch (RuntimeException e) { // the visit continues with the other files
                error = found.path() + ": " + e;
            }
        }
        found.release();
        if (result != null) {
            report.done(found.path(), result);
        } else {
            report.failed(found.path(), String.valueOf(error));
        }
    }
}
