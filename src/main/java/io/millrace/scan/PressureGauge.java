// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** For how long tasks of this host have waited for I/O. */
interface PressureGauge {
    /** Microseconds since the host started in which at least one task waited; an exception says why nobody knows. */
    long waitedMicros() throws IOException;

    /**
     * Pressure stall information, proc(5); Linux 4.20 and a kernel that has it turned on, else ENOENT or EOPNOTSUPP. The
     * kernel weighs processors by how busy they are, so that beside many busy ones a single waiting task counts little.
     */
    static PressureGauge ofHost(Path pressureFile) {
        return () -> {
            for (String line : Files.readAllLines(pressureFile)) {
                int at = line.indexOf("total=");
                if (line.startsWith("some ") && at >= 0) {
                    return Long.parseLong(line.substring(at + "total=".length()).strip());
                }
            }
            throw new IOException(pressureFile + ": has no line on some tasks");
        };
    }
}
