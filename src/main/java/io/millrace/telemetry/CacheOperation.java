// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.pagecache.FileResidency;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.FileVisitor;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.telemetry.jmx.beans.PageCacheMXBean;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs a page cache operation on the files below one path of a request and summarizes the result in one line. Runs on
 * the caller's thread, for a bounded time, so that a thread that serves a client is not occupied for hours.
 */
public final class CacheOperation implements FileVisitor.Report<FileResidency> {
    /** The descriptions in {@link PageCacheMXBean} state this limit. */
    public static final Duration LONGEST = Duration.ofSeconds(30);

    /** The operation on each open file; {@code isLate} returns true once the time limit has passed. */
    public interface Work {
        FileResidency on(OpenedFile file, BooleanSupplier isLate) throws IOException;
    }

    private final BytePath path;
    private long files;
    private long unknown;
    private long failed;
    private long residentBytes;
    private long sizeBytes;
    private boolean isDirectory;
    private @Nullable String firstError;

    private CacheOperation(BytePath path) {
        this.path = path;
    }

    /** @throws IOException one line, if nothing succeeded */
    public static String of(Posix posix, Roots roots, BytePath path, Duration longest, Work work) throws IOException {
        long begun = System.nanoTime();
        BooleanSupplier isLate = () -> System.nanoTime() - begun >= longest.toNanos()
                || Thread.currentThread().isInterrupted();
        var tour = new CacheOperation(path);
        var walk = new WalkSpec(List.of(path).iterator(), Optional.of(roots), FileFilter.ALL, FileOrder.DIRECTORY);
        new FileVisitor(posix, isLate).visit(walk, file -> work.on(file, isLate), tour);
        return tour.message()
                + (isLate.getAsBoolean() ? "; stopped after " + DisplayFormat.span(longest.toSeconds()) : "");
    }

    @Override
    public void done(BytePath file, FileResidency now) {
        files++;
        isDirectory |= !file.equals(path);
        unknown += now.residentBytes().isEmpty() ? 1 : 0;
        residentBytes = ByteSize.sum(residentBytes, now.residentBytes().orElse(0));
        sizeBytes = ByteSize.sum(sizeBytes, now.sizeBytes());
    }

    @Override
    public void failed(BytePath file, String error) {
        failed++;
        firstError = firstError == null ? error : firstError;
    }

    private String message() throws IOException {
        if (files == 0 && firstError != null) {
            throw new IOException(firstError);
        }
        String resident = files > 0 && unknown == files ? "unknown" : ByteSize.format(residentBytes);
        var text = new StringBuilder(path + ": ");
        if (isDirectory || files == 0) {
            text.append(DisplayFormat.count(files, "file")).append(", ");
        }
        text.append(resident).append(" of ").append(ByteSize.format(sizeBytes)).append(" resident");
        if (unknown > 0 && unknown < files) {
            text.append("; of ").append(DisplayFormat.count(unknown, "file")).append(" it is unknown");
        }
        if (failed > 0) {
            text.append("; ").append(failed).append(" failed, the first: ").append(firstError);
        }
        return text.toString();
    }
}
