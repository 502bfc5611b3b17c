// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Lines of hashdeep: size, digests, name. Files that lack one of the digests have no line, and neither have names with a newline,
 * which the format cannot say.
 */
public final class HashdeepExport implements ExportWriter {
    private final OutputStream out;
    private final List<String> digests;

    /** Writes the header. {@code digests}: what hashdeep knows of md5, sha1 and sha256, in this order. */
    public HashdeepExport(OutputStream out, List<String> digests) throws IOException {
        this.out = out;
        this.digests = List.copyOf(digests);
        String header = "%%%% HASHDEEP-1.0\n%%%% size," + String.join(",", digests) + ",filename\n";
        out.write(header.getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public boolean write(BytePath path, FileRecord record) throws IOException {
        var line = new ByteArrayOutputStream();
        line.writeBytes((record.state().sizeBytes() + ",").getBytes(StandardCharsets.US_ASCII));
        for (String digest : digests) {
            Optional<byte[]> value = record.digests().value(digest);
            if (value.isEmpty()) {
                return false;
            }
            line.writeBytes((HexFormat.of().formatHex(value.get()) + ",").getBytes(StandardCharsets.US_ASCII));
        }
        byte[] name = path.toBytes();
        for (byte b : name) {
            if (b == '\n') {
                return false;
            }
        }
        line.writeBytes(name);
        line.write('\n');
        line.writeTo(out);
        return true;
    }

    @Override
    public void end() throws IOException {
        out.flush();
    }
}
