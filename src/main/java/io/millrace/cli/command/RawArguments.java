// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Restores the exact bytes of the command line. The JVM decodes arguments by the locale and loses bytes that do not fit
 * (LC_ALL=C suffices); the kernel still has them in /proc/self/cmdline (proc(5)).
 */
public final class RawArguments {
    private RawArguments() {}

    /** Returns the same arguments in the lossless form of {@link BytePath#of(String)}. */
    public static String[] restore(String[] decoded) throws IOException {
        for (String text : decoded) {
            if (!isAscii(text)) {
                return lastOf(Files.readAllBytes(Path.of("/proc/self/cmdline")), decoded.length);
            }
        }
        return decoded;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    /** Returns the last {@code count} of the NUL-terminated strings. */
    static String[] lastOf(byte[] commandLine, int count) {
        List<String> arguments = new ArrayList<>();
        int start = 0;
        for (int at = 0; at < commandLine.length; at++) {
            if (commandLine[at] == 0) {
                arguments.add(BytePath.decode(Arrays.copyOfRange(commandLine, start, at)));
                start = at + 1;
            }
        }
        return arguments.subList(arguments.size() - count, arguments.size()).toArray(String[]::new);
    }
}
