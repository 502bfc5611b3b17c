// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.MountTraitsCache;
import io.millrace.posix.Posix;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/** Opens the files of a scan, and waits while another scan reads the same file. Any thread. */
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

    /** An open file that no other scan reads. It belongs to one thread, which closes it. */
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
            shared.turns().leave(file.status(), shared.gate());
            file.close();
        }
    }

    /** Callback that runs on the thread after it has waited. */
    interface AfterWaiting {
        void goOn() throws InterruptedException;
    }

    /**
     * Callbacks around the waits within {@link #beginWithin}. While the thread waits for a lease, the
     * {@code BooleanSupplier} says whether to give up.
     */
    interface Waiting extends Runnable, AfterWaiting, BooleanSupplier {}

    /**
     * Opens a file that the walk found.
     *
     * @param beforeWaiting releases resources that other threads may need during the wait
     * @throws IOException whose message says in one line why the file cannot be read
     */
    Visit begin(WalkEntry found, Runnable beforeWaiting) throws IOException, InterruptedException {
        progress.entered(found); // before the open, which may block
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
     * Like {@link #begin}, for a thread that has entered the scan's {@code ReadGate}: {@code waiting} leaves the gate
     * before a wait for another scan, and enters it again afterwards.
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
            if (!shared.turns().tryTake(file.status(), shared.gate())) {
                beforeWaiting.run();
                shared.turns().take(file.status(), shared.gate(), progress::isWaitOver);
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
        shared.gate().enter(beforeWaiting, progress::isWaitOver); // reading an inode may need the disk as well
        try {
            return OpenedFile.open(posix, mounts, found, progress::isWaitOver);
        } finally {
            shared.gate().leave();
        }
    }

    /** Reads the status again, so that a change during the wait does not count as a change during the read. */
    private OpenedFile asItIsNow(OpenedFile file) throws IOException {
        boolean known = false;
        try {
            var now = new OpenedFile(file.fd(), posix.files().status(file.fd()), file.traits());
            known = true;
            return now;
        } finally {
            if (!known) {
                shared.turns().leave(file.status(), shared.gate());
            }
        }
    }
}
