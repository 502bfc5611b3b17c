// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.time.Duration;

/** Reads configuration files for tests, which must not fail because the machine is busy. */
public final class PatientChecks {
    private PatientChecks() {}

    public static Configuration read(Posix posix, BytePath path) throws IOException {
        return ConfigurationFile.read(posix, path, new PathChecks(posix, Duration.ofMinutes(1)));
    }
}
