// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.record.Verdict;
import io.millrace.cli.output.ChecksumFormat;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.verify.FileVerdict;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes verdicts in the format of {@code sha256sum --check}: {@code NAME: OK}, {@code NAME: FAILED},
 * {@code NAME: FAILED open or read}, with names escaped if they contain a newline; and {@code NAME: NEW}.
 */
final class CheckLines implements VerdictFormat {
    private final ResultStream out;

    CheckLines(ResultStream out) {
        this.out = out;
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
        byte[] name = path.toBytes();
        byte[] escaped = ChecksumFormat.holdsNewline(name) ? ChecksumFormat.escape(name) : name;
        if (escaped != name) {
            out.write('\\');
        }
        out.write(escaped);
        out.write((": " + label(verdict) + "\n").getBytes(StandardCharsets.US_ASCII));
        out.endRecord();
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
