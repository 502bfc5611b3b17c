// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

/**
 * A location in the file.
 *
 * @param line from 1
 * @param column in characters, from 1
 */
record SourceLocation(int line, int column) {
    static final SourceLocation START = new SourceLocation(1, 1);

    /**
     * Returns the location after this text, which is the beginning of a file. Lines end as in YAML: LF, CR LF or CR.
     */
    static SourceLocation after(CharSequence text) {
        int line = 1;
        int column = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' && !(i + 1 < text.length() && text.charAt(i + 1) == '\n')) {
                line++;
                column = 1;
            } else if (c != '\r' && c != '\uFEFF' && !Character.isLowSurrogate(c)) {
                column++;
            }
        }
        return new SourceLocation(line, column);
    }
}
