// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.cli.output.ChecksumFormat;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines {@code NAME: TEXT} as {@code sha256sum --check} writes them, with a name that holds a newline escaped. One thread. */
final class NameLines {
    private final ResultStream out;

    NameLines(ResultStream out) {
        this.out = out;
    }

    void line(BytePath path, String text) throws IOException {
        byte[] name = path.toBytes();
        byte[] escaped = ChecksumFormat.holdsNewline(name) ? ChecksumFormat.escape(name) : name;
        if (escaped != name) {
            out.write('\\');
        }
        out.write(escaped);
        out.write((": " + text + "\n").getBytes(StandardCharsets.UTF_8));
        out.endRecord();
    }
}
