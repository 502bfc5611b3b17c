// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.posix.libc.BytePath;
import io.millrace.units.ChecksumName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Lines {@code NAME: TEXT} as {@code sha256sum --check} writes them, with a name that holds a newline escaped. One thread. */
public final class NameLines {
    private final ResultStream out;

    public NameLines(ResultStream out) {
        this.out = out;
    }

    public void line(BytePath path, String text) throws IOException {
        byte[] name = path.toBytes();
        byte[] escaped = ChecksumName.holdsNewline(name) ? ChecksumName.escape(name) : name;
        if (escaped != name) {
            out.write('\\');
        }
        out.write(escaped);
        out.write((": " + text + "\n").getBytes(StandardCharsets.UTF_8));
        out.endRecord();
    }
}
