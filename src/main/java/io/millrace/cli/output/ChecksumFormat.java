// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.FileResult;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.units.ChecksumName;
import io.millrace.worker.WorkerOutcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Writes checksum lines in the formats of coreutils' {@code *sum} and of {@code xxhsum}, which can check them:
 * {@code HEX  NAME}, or tagged {@code SHA256 (NAME) = HEX}. A name with a backslash, newline or carriage return is
 * escaped, and its line then starts with a backslash. {@code xxhsum} before 0.8.2 has no escapes, and later versions
 * take names literally unless the line starts with a backslash. Names in its lines are therefore not escaped. It cannot
 * check a name with a newline, whose line is written as a comment with the name escaped. Output of workers follows as
 * {@code NAME: WORKER: LINE}, which is a comment if there are checksums.
 */
public final class ChecksumFormat implements ResultFormat {
    /** The format of the lines. */
    public enum Style {
        GNU,
        BSD
    }

    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    /** More than the characters around name and digest. */
    private static final int MAX_FRAME_BYTES = 64;

    private final ResultStream out;
    private final boolean tagged;

    /** The buffer of the current line, of which {@link #length} bytes are used; it is reused for each line. */
    private byte[] line = new byte[512];

    private int length;

    public ChecksumFormat(ResultStream out, boolean tagged) {
        this.out = out;
        this.tagged = tagged;
    }

    @Override
    public void file(FileResult result) throws IOException {
        for (Map.Entry<DigestAlgorithm, byte[]> digest : result.digests().entrySet()) {
            line(result.path(), digest.getKey(), digest.getValue());
            out.write(line, 0, length);
            out.endRecord();
        }
        if (!result.workers().isEmpty()) {
            workers(result);
        }
    }

    private void workers(FileResult result) throws IOException {
        // Programs that check the sums ignore lines that start with #.
        String start = (result.digests().isEmpty() ? "" : "# ") + result.path() + ": ";
        for (WorkerOutcome outcome : result.workers()) {
            for (String line : outcome.output().lines().toList()) {
                byte[] text = line.getBytes(StandardCharsets.UTF_8);
                String shown = start + BytePath.display(outcome.worker()) + ": " + BytePath.display(text) + "\n";
                out.write(shown.getBytes(StandardCharsets.UTF_8));
                out.endRecord();
            }
        }
    }

    private void line(BytePath path, DigestAlgorithm algorithm, byte[] value) {
        byte[] name = path.toBytes();
        boolean isXxhsums = algorithm == DigestAlgorithm.XXH3;
        byte[] escaped = isXxhsums && !ChecksumName.holdsNewline(name) ? name : ChecksumName.escape(name);
        length = 0;
        reserve(escaped.length + 2 * value.length + MAX_FRAME_BYTES);
        if (escaped != name) {
            ascii(isXxhsums ? "# " : "\\");
        }
        if (tagged) {
            ascii(algorithm.bsdName());
            ascii(" (");
            add(escaped);
            ascii(") = ");
            hex(value);
        } else {
            if (isXxhsums) {
                ascii("XXH3_"); // xxhsum distinguishes its 64-bit digests by this prefix
            }
            hex(value);
            ascii("  ");
            add(escaped);
        }
        ascii("\n");
    }

    private void reserve(int bytes) {
        if (line.length < bytes) {
            line = new byte[2 * bytes];
        }
    }

    private void add(byte[] bytes) {
        System.arraycopy(bytes, 0, line, length, bytes.length);
        length += bytes.length;
    }

    private void ascii(String text) {
        for (int i = 0; i < text.length(); i++) {
            line[length++] = (byte) text.charAt(i);
        }
    }

    private void hex(byte[] value) {
        for (byte b : value) {
            line[length++] = HEX[b >> 4 & 0xF];
            line[length++] = HEX[b & 0xF];
        }
    }
}
