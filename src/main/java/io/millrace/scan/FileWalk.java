// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.BytePath;
import io.millrace.posix.Directory;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.FileType;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files under given paths, one at a time, in the order of the paths and of each file system's own directories.
 * Memory grows with the depth of a tree and never with its width; so does the number of open directories.
 *
 * <p>Below a directory, symbolic links are not followed, and what is no regular file is skipped, as are mounts whose
 * files the kernel makes up (/proc, /sys); a path that is given as such may be a link, but has to lead to a stored file
 * or a directory of such. Any thread may pull.
 */
final class FileWalk implements AutoCloseable {
    private static final Set<OpenFlag> OPEN_ROOT = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
    private static final Set<OpenFlag> OPEN_BELOW = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);

    /** What a path that was given lies below. */
    private static final long NO_DEVICE = -1;

    /** An open directory, what of its last batch is still to be visited, and the device it lies on. */
    private static final class Level {
        final SharedDirectory directory;
        final long device;
        final Deque<byte[]> subdirectories = new ArrayDeque<>();
        Iterator<Directory.Entry> batch = List.<Directory.Entry>of().iterator();

        Level(SharedDirectory directory, long device) {
            this.directory = directory;
            this.device = device;
        }
    }

    private final Posix posix;

    @GuardedBy("this") private final Iterator<BytePath> roots;

    @GuardedBy("this") private final Deque<Level> levels = new ArrayDeque<>();

    @GuardedBy("this") private long sequence;

    @GuardedBy("this") private long skipped;

    FileWalk(Posix posix, Iterator<BytePath> roots) {
        this.posix = posix;
        this.roots = roots;
    }

    /** The next file or error; null when all is walked. The caller releases it. */
    synchronized @Nullable Found next() {
        Found found = null;
        while (found == null && (!levels.isEmpty() || roots.hasNext())) {
            found = levels.isEmpty() ? enterRoot(roots.next()) : advance(levels.getLast());
        }
        return found;
    }

    /** Entries that are no regular files, and mounts that store none, so far. */
    synchronized long skipped() {
        return skipped;
    }

    @GuardedBy("this") private @Nullable Found enterRoot(BytePath path) {
        try {
            FileStatus status = posix.files().status(path);
            return switch (status.type()) {
                case REGULAR -> new Found(sequence++, path, null, path.toBytes(), null);
                case DIRECTORY -> enter(posix.files().open(path, OPEN_ROOT), path, NO_DEVICE);
                default -> failure(path, path + ": is a " + status.type().words() + ", not a regular file");
            };
        } catch (PosixException e) {
            return failure(path, String.valueOf(e.getMessage()));
        }
    }

    /** One step within a directory: an entry of the batch, then the subdirectories it had, then the next batch. */
    @GuardedBy("this") private @Nullable Found advance(Level level) {
        Directory directory = level.directory.get();
        try {
            if (level.batch.hasNext()) {
                return visit(level, level.batch.next());
            }
            byte[] subdirectory = level.subdirectories.poll();
            if (subdirectory != null) {
                BytePath path = directory.path().resolve(subdirectory);
                return enterBelow(directory, subdirectory, path, level.device);
            }
            List<Directory.Entry> batch = directory.nextBatch();
            if (batch == null) {
                leave();
            } else {
                level.batch = batch.iterator();
            }
            return null;
        } catch (PosixException e) {
            leave();
            return failure(directory.path(), String.valueOf(e.getMessage()));
        }
    }

    @GuardedBy("this") private @Nullable Found enterBelow(Directory directory, byte[] name, BytePath path, long parentDevice) {
        try {
            return enter(posix.files().openAt(directory.fd(), name, path, OPEN_BELOW), path, parentDevice);
        } catch (PosixException e) {
            return failure(path, String.valueOf(e.getMessage()));
        }
    }

    @GuardedBy("this") private @Nullable Found visit(Level level, Directory.Entry entry) {
        BytePath path = level.directory.get().path().resolve(entry.name());
        FileType type = entry.type();
        if (type == FileType.UNKNOWN) {
            try {
                type = posix.files()
                        .statusAt(level.directory.get().fd(), entry.name(), path)
                        .type();
            } catch (PosixException e) {
                return failure(path, String.valueOf(e.getMessage()));
            }
        }
        switch (type) {
            case REGULAR -> {
                return new Found(sequence++, path, level.directory.retain(), entry.name(), null);
            }
            case DIRECTORY -> level.subdirectories.add(entry.name());
            default -> skipped++;
        }
        return null;
    }

    /** Takes over an open directory, unless the kernel makes its files up (/proc, /sys). */
    @GuardedBy("this") private @Nullable Found enter(OwnedFd fd, BytePath path, long parentDevice) throws PosixException {
        long device;
        try {
            device = posix.files().status(fd).device();
            if (device != parentDevice) {
                var type = FileSystemType.of(posix.files().fileSystem(fd).magic());
                if (!type.holdsFiles()) {
                    fd.close();
                    if (parentDevice != NO_DEVICE) {
                        skipped++;
                        return null;
                    }
                    return failure(path, path + ": holds no stored files, being of type " + type.words());
                }
            }
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
        levels.add(new Level(new SharedDirectory(posix.files().list(fd, path)), device));
        return null;
    }

    @GuardedBy("this") private void leave() {
        levels.removeLast().directory.release();
    }

    @GuardedBy("this") private Found failure(BytePath path, String error) {
        return new Found(sequence++, path, null, new byte[0], error);
    }

    /** Lets go of the directories that are still open. */
    @Override
    public synchronized void close() {
        while (!levels.isEmpty()) {
            leave();
        }
    }
}
