// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;
import io.millrace.units.ChecksumName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Lines of one digest as coreutils' {@code *sum} write and check them: {@code HEX  NAME}, or tagged {@code SHA256 (NAME) = HEX}.
 * Files without it have no line; crc32c also follows from the blocks. Lines end in a newline, and names are escaped; or, as {@code
 * --zero} has it, in NUL, and names are not.
 */
public final class SumsExport implements ExportWriter {
    private final OutputStream out;
    private final String digest;
    private final Optional<String> tag;
    private final boolean isZero;

    /**
     * @param digest its name in records
     * @param tag for the BSD format; empty for the GNU format
     */
    public SumsExport(OutputStream out, String digest, Optional<String> tag) {
        this(out, digest, tag, false);
    }

    private SumsExport(OutputStream out, String digest, Optional<String> tag, boolean isZero) {
        this.out = out;
        this.digest = digest;
        this.tag = tag;
        this.isZero = isZero;
    }

    /** With lines that end in NUL; else as the constructor. */
    public static SumsExport zeroTerminated(OutputStream out, String digest, Optional<String> tag) {
        return new SumsExport(out, digest, tag, true);
    }

    @Override
    public boolean write(BytePath path, FileRecord record) throws IOException {
        Optional<byte[]> value = Digests.of(record, digest);
        if (value.isEmpty()) {
            return false;
        }
        String hex = HexFormat.of().formatHex(value.get());
        byte[] name = path.toBytes();
        byte[] escaped = isZero ? name : ChecksumName.escape(name);
        var line = new ByteArrayOutputStream(escaped.length + hex.length() + 32);
        ascii(line, escaped == name ? "" : "\\");
        ascii(line, tag.isPresent() ? tag.get() + " (" : hex + "  ");
        line.writeBytes(escaped);
        ascii(line, tag.isPresent() ? ") = " + hex : "");
        line.write(isZero ? 0 : '\n');
        line.writeTo(out);
        return true;
    }

    private static void ascii(ByteArrayOutputStream line, String text) {
        line.writeBytes(text.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void end() throws IOException {
        out.flush();
    }
}
