// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.BackupFiles;
import io.millrace.catalog.Catalog;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Copies the catalog once a day, soon after midnight, or at the start where there is no copy of the day. A copy is complete, durable
 * and checked before an older one goes. One thread at a time.
 */
final class NightlyBackup {
    /** A week of good ones. */
    static final int KEPT = 7;

    private final BackupFiles files;
    private final Clock clock;

    NightlyBackup(Posix posix, BytePath directory, Clock clock) {
        this.files = new BackupFiles(posix, directory);
        this.clock = clock;
    }

    /** When the newest one was begun. */
    Optional<Instant> last() throws PosixException {
        return files.newestFirst().stream().findFirst().map(BackupFiles::timeOf);
    }

    boolean isDue() throws PosixException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), clock.getZone());
        return last().map(at -> LocalDate.ofInstant(at, clock.getZone()).isBefore(today))
                .orElse(true);
    }

    BytePath make(Catalog catalog) throws IOException {
        BytePath target = files.pathFor(clock.instant());
        catalog.backup(target);
        files.prune(KEPT);
        return target;
    }
}
