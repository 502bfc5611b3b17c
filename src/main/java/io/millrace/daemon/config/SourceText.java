// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.snakeyaml.engine.v2.scanner.StreamReader;

/** Reads the bytes of the file and decodes them, if they are UTF-8 and contain only characters that YAML allows. */
final class SourceText {
    static final int MAX_BYTES = 1 << 20;
    private static final int BUFFER_BYTES = 64 << 10;

    private SourceText() {}

    /** Reads the file; of a file larger than {@link #MAX_BYTES}, only somewhat more than that. */
    static byte[] read(Posix posix, BytePath path) throws PosixException {
        var bytes = new ByteArrayOutputStream();
        try (var fd = posix.files().open(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_CONTROLLING_TERMINAL));
                var buffer = NativeBuffer.allocate(BUFFER_BYTES)) {
            int count = posix.io().read(fd, buffer);
            while (count > 0) {
                byte[] part = new byte[count];
                buffer.first(count).get(part);
                bytes.writeBytes(part);
                count = bytes.size() > MAX_BYTES ? 0 : posix.io().read(fd, buffer);
            }
        }
        return bytes.toByteArray();
    }

    /** Returns the text; empty if a problem was added to {@code findings}. */
    static Optional<String> decode(byte[] bytes, Problems findings) {
        if (bytes.length > MAX_BYTES) {
            findings.add(SourceLocation.START, "", "the file is larger than 1 MiB");
            return Optional.empty();
        }
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        boolean malformed =
                StandardCharsets.UTF_8.newDecoder().decode(in, out, true).isError();
        String text = out.flip().toString();
        int at = 0;
        while (at < text.length()) {
            int point = text.codePointAt(at);
            if (!StreamReader.isPrintable(point)) {
                SourceLocation place = SourceLocation.after(text.substring(0, at));
                findings.add(place, "", String.format("YAML does not allow the character U+%04X", point));
                return Optional.empty();
            }
            at += Character.charCount(point);
        }
        if (malformed) {
            findings.add(
                    SourceLocation.after(text),
                    "",
                    String.format("the byte \\%03o here is not UTF-8", in.get() & 0xFF));
            return Optional.empty();
        }
        return Optional.of(text);
    }
}
