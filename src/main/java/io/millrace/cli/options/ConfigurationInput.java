// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.daemon.config.Configuration;
import io.millrace.daemon.config.ConfigurationFile;
import io.millrace.daemon.config.PathChecks;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.worker.WorkerSpec;
import java.io.IOException;
import java.util.Map;

/** Reads the configuration file that a command is given. */
public final class ConfigurationInput {
    /** The file cannot be read, which is reported like an invalid file. */
    public static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        public Unreadable(PosixException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ConfigurationInput() {}

    /** @param checks reports afterwards the paths that could not be checked */
    public static Configuration read(Posix posix, BytePath file, PathChecks checks) throws IOException {
        try {
            return ConfigurationFile.read(posix, file, checks);
        } catch (PosixException e) {
            throw new Unreadable(e);
        }
    }

    /** Reads only the workers, for a command that does not use the service. */
    static Map<String, WorkerSpec> readWorkers(Posix posix, BytePath file) throws IOException {
        try {
            return ConfigurationFile.readWorkers(posix, file);
        } catch (PosixException e) {
            throw new Unreadable(e);
        }
    }
}
