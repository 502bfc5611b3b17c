// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.record.Verdict;
import io.millrace.cli.output.NameLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.verify.FileVerdict;
import java.io.IOException;

/**
 * Writes verdicts in the format of {@code sha256sum --check}: {@code NAME: OK}, {@code NAME: FAILED},
 * {@code NAME: FAILED open or read}, with names escaped if they contain a newline; and {@code NAME: NEW}.
 */
final class CheckLines implements VerdictFormat {
    private final NameLines lines;

    CheckLines(ResultStream out) {
        this.lines = new NameLines(out);
    }

    @Override
    public void file(FileVerdict verdict) throws IOException {
        line(verdict.result().path(), verdict.verdict());
    }

    @Override
    public void newFile(BytePath path) throws IOException {
        line(path, Verdict.NEW);
    }

    private void line(BytePath path, Verdict verdict) throws IOException {
        lines.line(path, label(verdict));
    }

    private static String label(Verdict verdict) {
        return switch (verdict) {
            case OK -> "OK";
            case MODIFIED -> "FAILED";
            case MISSING, UNREADABLE -> "FAILED open or read";
            case NEW -> "NEW";
            default -> throw new IllegalArgumentException("no verdict of a manifest: " + verdict);
        };
    }
}
