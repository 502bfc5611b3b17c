// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.MountTraitsCache;
import io.millrace.posix.Posix;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Opens the files of a scan, each when it is its turn. Any thread. */
final class FileOpener {
    private final Posix posix;
    private final MountTraitsCache mounts;
    private final ScanProgress progress;
    private final ScanSharing shared;

    FileOpener(Posix posix, ScanProgress progress, ScanSharing shared) {
        this.posix = posix;
        this.mounts = new MountTraitsCache(posix);
        this.progress = progress;
        this.shared = shared;
    }

    /** An open file that no other scan reads. One thread, which closes it. */
    final class Visit implements AutoCloseable {
        private final OpenedFile file;

        private Visit(OpenedFile file) {
            this.file = file;
        }

        OpenedFile file() {
            return file;
        }

        @Override
        public void close() {
            progress.left();
            shared.turns().leave(file.status(), shared.pace());
            file.close();
        }
    }

    /** What a thread does that has waited. */
    interface AfterWaiting {
        void goOn() throws InterruptedException;
    }

    /** What a thread does around waits within {@link #beginWithin}; while it waits for a lease, it is asked whether to go on. */
    interface Waiting extends Runnable, AfterWaiting, BooleanSupplier {}

    /**
     * Opens what the walk found.
     *
     * @param beforeWaiting lets go of what others may need meanwhile
     * @throws IOException one line on why it is not to be read
     */
    Visit begin(WalkEntry found, Runnable beforeWaiting) throws IOException, InterruptedException {
        progress.entered(found); // before the open, which may be what it waits for
        OpenedFile file;
        try {
            file = open(found, beforeWaiting);
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            progress.left();
            throw e;
        }
        return entered(file, beforeWaiting, () -> {});
    }

    /**
     * As {@link #begin}, by a thread that has entered the scan's pace: {@code waiting} leaves it before a wait for another scan,
     * and enters it again.
     */
    Visit beginWithin(WalkEntry found, Waiting waiting) throws IOException, InterruptedException {
        progress.entered(found);
        OpenedFile file;
        try {
            file = OpenedFile.open(posix, mounts, found, waiting);
        } catch (IOException | RuntimeException | Error e) {
            progress.left();
            throw e;
        }
        return entered(file, waiting, waiting);
    }

    private Visit entered(OpenedFile opened, Runnable beforeWaiting, AfterWaiting afterWaiting)
            throws IOException, InterruptedException {
        OpenedFile file = opened;
        boolean begun = false;
        try {
            shared.opened().accept(file.status());
            if (!shared.turns().tryTake(file.status(), shared.pace())) {
                beforeWaiting.run();
                shared.turns().take(file.status(), shared.pace(), progress::isWaitOver);
                file = asItIsNow(file);
                afterWaiting.goOn();
            }
            begun = true;
            return new Visit(file);
        } finally {
            if (!begun) {
                progress.left();
                file.close();
            }
        }
    }

    private OpenedFile open(WalkEntry found, Runnable beforeWaiting) throws IOException, InterruptedException {
        shared.pace().enter(beforeWaiting, progress::isWaitOver); // an inode may have to come from the disk as well
        try {
            return OpenedFile.open(posix, mounts, found, progress::isWaitOver);
        } finally {
            shared.pace().leave();
        }
    }

    /** What happened to it while it waited is no change while it was read. */
    private OpenedFile asItIsNow(OpenedFile file) throws IOException {
        boolean known = false;
        try {
            var now = new OpenedFile(file.fd(), posix.files().status(file.fd()), file.traits());
            known = true;
            return now;
        } finally {
            if (!known) {
                shared.turns().leave(file.status(), shared.pace());
            }
        }
    }
}
