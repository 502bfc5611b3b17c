// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.BackupFiles;
import io.millrace.catalog.Catalog;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Copies the catalog once a day, soon after midnight, or at the start where there is no copy of the day. A copy is complete, durable
 * and checked before an older one goes; one that failed is tried again after an hour. {@link #look} is for one thread at a time,
 * everything else for any.
 */
final class NightlyBackup {
    /** A week of good ones. */
    static final int KEPT = 7;

    private static final Duration RETRY = Duration.ofHours(1);

    private final Posix posix;
    private final Clock clock;
    private final CatalogKeeperListener listener;

    @GuardedBy("this") private Optional<Instant> last = Optional.empty();

    @GuardedBy("this") private Optional<String> problem = Optional.empty();

    @GuardedBy("this") private Instant nextTry = Instant.MIN;

    NightlyBackup(Posix posix, Clock clock, CatalogKeeperListener listener) {
        this.posix = posix;
        this.clock = clock;
        this.listener = listener;
    }

    /** When the newest one was begun. */
    synchronized Optional<Instant> last() {
        return last;
    }

    /** Why the last try failed. */
    synchronized Optional<String> problem() {
        return problem;
    }

    /** Has the next look try, even if one failed a moment ago. */
    synchronized void retry() {
        nextTry = Instant.MIN;
    }

    private synchronized boolean mayTry() {
        return !clock.instant().isBefore(nextTry);
    }

    /** Makes a copy if one is due; nothing where no directory is configured. */
    void look(Catalog catalog) {
        BytePath directory = catalog.place().backups().orElse(null);
        if (directory == null || !mayTry()) {
            return;
        }
        var files = new BackupFiles(posix, directory);
        try {
            if (isDue(files)) {
                BytePath target = files.pathFor(clock.instant());
                catalog.backup(target);
                files.prune(KEPT);
                listener.onBackup(target);
            }
            succeeded(newest(files));
        } catch (IOException e) {
            failed(String.valueOf(e.getMessage()));
        }
    }

    private static Optional<Instant> newest(BackupFiles files) throws PosixException {
        return files.newestFirst().stream().findFirst().map(BackupFiles::timeOf);
    }

    private boolean isDue(BackupFiles files) throws PosixException {
        LocalDate today = LocalDate.ofInstant(clock.instant(), clock.getZone());
        return newest(files)
                .map(at -> LocalDate.ofInstant(at, clock.getZone()).isBefore(today))
                .orElse(true);
    }

    private synchronized void succeeded(Optional<Instant> newest) {
        problem = Optional.empty();
        last = newest.or(() -> last);
    }

    private synchronized void failed(String why) {
        if (!problem.equals(Optional.of(why))) {
            listener.onBackupFailed(why);
        }
        problem = Optional.of(why);
        nextTry = clock.instant().plus(RETRY);
    }
}
