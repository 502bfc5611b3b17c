// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.posix.libc.BytePath;
import java.io.FileInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Environment variables with their exact bytes. {@link System#getenv(String)} decodes them by the locale and loses bytes that do
 * not fit; the kernel still has them in /proc/self/environ (proc(5)). Stateless.
 */
public final class RawEnvironment {
    private static final char REPLACEMENT = '\uFFFD';

    private RawEnvironment() {}

    /** Returns the value in the lossless form of {@link BytePath#of(String)}; empty where it is not set, or set to nothing. */
    public static Optional<String> get(String name) throws IOException {
        String decoded = System.getenv(name);
        if (decoded == null || decoded.isEmpty()) {
            return Optional.empty();
        }
        if (decoded.indexOf(REPLACEMENT) < 0) {
            return Optional.of(decoded);
        }
        try (var in = new FileInputStream("/proc/self/environ")) {
            return find(in.readAllBytes(), name).or(() -> Optional.of(decoded));
        }
    }

    /** Returns the value of a name among NUL-terminated strings {@code NAME=VALUE}. */
    static Optional<String> find(byte[] environment, String name) {
        byte[] start = BytePath.encode(name + "=");
        int from = 0;
        for (int at = 0; at < environment.length; at++) {
            if (environment[at] == 0) {
                int valueFrom = from + start.length;
                if (valueFrom <= at && Arrays.equals(environment, from, valueFrom, start, 0, start.length)) {
                    return Optional.of(BytePath.decode(Arrays.copyOfRange(environment, valueFrom, at)));
                }
                from = at + 1;
            }
        }
        return Optional.empty();
    }
}
