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

/** The configuration file that a command is given. */
public final class ConfigurationInput {
    /** It cannot be read, which is as bad as a bad one. */
    public static final class Unreadable extends IOException {
        private static final long serialVersionUID = 1L;

        public Unreadable(PosixException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private ConfigurationInput() {}

    /** {@code checks}: tells afterwards of paths that could not be checked. */
    public static Configuration read(Posix posix, BytePath file, PathChecks checks) throws IOException {
        try {
            return ConfigurationFile.read(posix, file, checks);
        } catch (PosixException e) {
            throw new Unreadable(e);
        }
    }

    /** Only its workers, for a command that has nothing to do with the service. */
    static Map<String, WorkerSpec> readWorkers(Posix posix, BytePath file) throws IOException {
        try {
            return ConfigurationFile.readWorkers(posix, file);
        } catch (PosixException e) {
            throw new Unreadable(e);
        }
    }
}
