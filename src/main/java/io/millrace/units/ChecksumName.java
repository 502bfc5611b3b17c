// SPDX-License-Identifier: Apache-2.0
package io.millrace.units;

import java.io.ByteArrayOutputStream;

/** Names of files in lines of checksums, as {@code sha256sum} of coreutils 9 writes them. Stateless; any thread. */
public final class ChecksumName {
    private ChecksumName() {}

    /** Returns whether a name holds a newline, so that it cannot be in a line as it is. */
    public static boolean holdsNewline(byte[] name) {
        for (byte b : name) {
            if (b == '\n') {
                return true;
            }
        }
        return false;
    }

    /** Returns the same array if nothing needs to be escaped, which is the usual case; the line begins with a backslash otherwise. */
    public static byte[] escape(byte[] name) {
        if (!needsEscape(name)) {
            return name;
        }
        var escaped = new ByteArrayOutputStream(name.length + 8);
        for (byte b : name) {
            switch (b) {
                case '\\' -> put(escaped, '\\');
                case '\n' -> put(escaped, 'n');
                case '\r' -> put(escaped, 'r');
                default -> escaped.write(b);
            }
        }
        return escaped.toByteArray();
    }

    private static void put(ByteArrayOutputStream escaped, char letter) {
        escaped.write('\\');
        escaped.write(letter);
    }

    private static boolean needsEscape(byte[] name) {
        for (byte b : name) {
            if (b == '\\' || b == '\n' || b == '\r') {
                return true;
            }
        }
        return false;
    }
}
