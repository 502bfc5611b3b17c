// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Resource usage of this process that Micrometer does not report. A value that cannot be determined is NaN. Any thread.
 */
public final class ProcessFigures {
    public static final ProcessFigures INSTANCE = new ProcessFigures();

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String RESIDENT = "VmRSS:";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double BYTES_PER_KIB = 1024;

    private ProcessFigures() {}

    public double cpuSeconds() {
        var system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof com.sun.management.OperatingSystemMXBean process
                ? process.getProcessCpuTime() / NANOS_PER_SECOND
                : Double.NaN;
    }

    public double residentBytes() {
        try {
            return Files.readAllLines(STATUS, StandardCharsets.ISO_8859_1).stream()
                    .filter(line -> line.startsWith(RESIDENT))
                    .mapToDouble(ProcessFigures::kibibytes)
                    .findFirst()
                    .orElse(Double.NaN);
        } catch (IOException e) {
            return Double.NaN; // ProtectProc, or a chroot without /proc: the scrape continues
        }
    }

    private static double kibibytes(String line) {
        String digits = line.substring(RESIDENT.length()).replace("kB", "").strip();
        return Long.parseLong(digits) * BYTES_PER_KIB;
    }
}
