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
 * Goes from file to file under given paths and opens each, for work that is no scan: the same walk, the same files
 * refused, the same words for what fails. One thread.
 */
public final class FileVisitor {
    /** What to do with an open file, which is closed afterwards. A file at which this throws has failed. */
    public interface Work<R> {
        R on(OpenedFile file) throws IOException;
    }

    /** Hears of every file, in the order of the walk. What it throws ends the tour. */
    public interface Report<R> {
        void done(BytePath path, R result) throws IOException;

        /** {@code error}: one line that names the file. */
        void failed(BytePath path, String error) throws IOException;
    }

    /** Called for every file of a walk, in its order. What it throws ends the tour. */
    public interface Names {
        void file(BytePath path) throws IOException;

        /** {@code error}: one line that names what could not be listed. */
        void failed(String error) throws IOException;
    }

    private final Posix posix;
    private final MountTraitsCache mounts;
    private final BooleanSupplier stopping;

    /** Ends before the next file once {@code stop} is requested. */
    public FileVisitor(Posix posix, CancellationToken stop) {
        this(posix, stop::isRequested);
    }

    /** Ends before the next file, or while it looks for that, once {@code stopping}. */
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

    /** Calls {@code names} for every file, without opening it. */
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
            } catch (RuntimeException e) { // whatever it is, the other files go on
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
