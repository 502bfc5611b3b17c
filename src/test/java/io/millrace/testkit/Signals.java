// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Signals that the tests, and all they start, were started with ignored, as under nohup(1) or in the background. */
public final class Signals {
    private static final int SIGHUP = 1;
    private static final int SIGINT = 2;

    private Signals() {}

    /** Skips the tests where SIGHUP or SIGINT are ignored: a program that respects that is never ended by them. */
    public static void assumeNotIgnored() throws IOException {
        assumeTrue(!isIgnored(SIGHUP), "SIGHUP came ignored (nohup?)");
        assumeTrue(!isIgnored(SIGINT), "SIGINT came ignored (started in the background of a shell?)");
    }

    /** By SigIgn of proc_pid_status(5); the JVM leaves ignored what came ignored. */
    private static boolean isIgnored(int signal) throws IOException {
        String mask = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow()
                .substring("SigIgn:".length())
                .strip();
        return (Long.parseUnsignedLong(mask, 16) & 1L << (signal - 1)) != 0;
    }
}
