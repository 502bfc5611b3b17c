// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.cache;

import io.millrace.cli.options.ListingOptions;
import io.millrace.cli.output.ExitCode;
import io.millrace.cli.output.Invocation;
import io.millrace.cli.output.ResultStream;
import io.millrace.pagecache.FileResidency;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.walk.FileVisitor;
import java.io.IOException;

/** Runs {@code cache status}, {@code warm} or {@code evict} for each file and prints a line for each. */
final class CacheRunner<R> implements FileVisitor.Report<R> {
    /** Formats the result of one file as a line. */
    interface Line<R> {
        void print(ResidencyReport report, BytePath path, R result) throws IOException;
    }

    private final ResidencyReport report;
    private final Line<R> line;

    private CacheRunner(ResidencyReport report, Line<R> line) {
        this.report = report;
        this.line = line;
    }

    /**
     * Applies {@code work} to every file and returns the exit code. {@code verb} names the operation in the summary.
     */
    static <R> int run(
            Invocation invocation, ListingOptions options, String verb, FileVisitor.Work<R> work, Line<R> line)
            throws IOException {
        try (var out = new ResultStream(invocation)) {
            int cells = options.cells(invocation.posix().terminals());
            var report = new ResidencyReport(out, invocation.console(), options, cells);
            var tour = new FileVisitor(invocation.posix(), invocation.stop());
            tour.visit(options.paths().iterator(), work, new CacheRunner<>(report, line));
            boolean stopped = invocation.stop().isRequested();
            report.summary(verb, stopped);
            if (stopped) {
                return invocation.stop().exitCode();
            }
            return report.isGood() ? ExitCode.DONE : ExitCode.SOME_FAILED;
        }
    }

    /** Returns the format of a command whose only result is the residency. */
    static Line<FileResidency> plainLine() {
        return ResidencyReport::file;
    }

    @Override
    public void done(BytePath path, R result) throws IOException {
        line.print(report, path, result);
    }

    @Override
    public void failed(BytePath path, String error) throws IOException {
        report.failure(path, error);
    }
}
