// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.libc.BytePath;
import io.millrace.units.Text;
import java.nio.charset.StandardCharsets;

/**
 * One problem of a configuration file. Every component is a printable line: control characters from the file are shown
 * as {@code \ooo}.
 *
 * @param file the name given by the caller, in the form of {@link BytePath#display()}
 * @param line from 1
 * @param column of the key, in characters from 1
 * @param key from the top, {@code workers.index.mode}; empty if the file is not valid YAML
 */
public record ConfigurationProblem(String file, int line, int column, String key, String message) {
    public ConfigurationProblem {
        key = printable(key);
        message = printable(message);
    }

    /** Returns {@code file:line:column: key: message}, the format of compilers. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + (key.isEmpty() ? "" : key + ": ") + message;
    }

    private static String printable(String text) {
        if (text.codePoints().allMatch(Text::isPrintable)) {
            return text;
        }
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (Text.isPrintable(point)) {
                line.appendCodePoint(point);
            } else if (Character.getType(point) == Character.SURROGATE) {
                line.append(String.format("\\u%04x", point));
            } else {
                for (byte b : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    line.append(String.format("\\%03o", b & 0xFF));
                }
            }
        });
        return line.toString();
    }
}
