// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import java.io.IOException;
import java.time.Duration;

/** Reads configuration files for tests, which must not fail because the machine is busy. */
final class PatientChecks {
    private PatientChecks() {}

    static Configuration read(Posix posix, BytePath path) throws IOException {
        return ConfigurationFile.read(posix, path, new PathChecks(posix, Duration.ofMinutes(1)));
    }
}
