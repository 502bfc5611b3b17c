// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.posix.Directory;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Iterates over the files under the given paths, in the order of the paths and, below each, in the given
 * {@link FileOrder}. Memory grows with the depth of the tree and, only if directories are sorted, with its width up to
 * a limit; the number of open directories grows only with the depth.
 *
 * <p>Below a directory, symbolic links are not followed, and entries other than regular files are skipped, as are
 * mounts whose files the kernel generates (/proc, /sys). A given path may be a symbolic link, unless it has to stay
 * within roots, but must lead to a stored file or a directory of stored files. Any thread may call {@link #next}; the
 * creator closes the walk.
 */
public final class FileWalk implements AutoCloseable {
    private static final Set<OpenFlag> OPEN_BELOW = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    private static final byte[] NO_NAME = {};

    /** Stands for the device of the parent of a given path. */
    private static final long NO_DEVICE = -1;

    private final Posix posix;
    private final RootOpener entrance;
    private final FileOrder order;
    private final int maxNames;
    private final WalkSpec.Given given;
    private final boolean oneFileSystem;
    private final BooleanSupplier resting;

    @GuardedBy("this") private final Iterator<BytePath> roots;

    @GuardedBy("this") private final DirectoryLister listing;

    @GuardedBy("this") private final Deque<DirectoryFrame> levels = new ArrayDeque<>();

    @GuardedBy("this") private boolean atEnd;

    @GuardedBy("this") private long sequence;

    @GuardedBy("this") private long skippedMounts;

    /** @param resting whether to return early; checked between any two steps */
    public FileWalk(Posix posix, WalkSpec walk, BooleanSupplier resting) {
        this(posix, walk, resting, walk.order() == FileOrder.NAME ? FileOrder.MAX_NAMES : FileOrder.MAX_SORTED);
    }

    /**
     * @param maxSorted maximum number of entries of a directory that are sorted together; with order NAME, of all open
     *     directories
     */
    public FileWalk(Posix posix, WalkSpec walk, BooleanSupplier resting, int maxSorted) {
        this.maxNames = maxSorted;
        this.posix = posix;
        this.entrance = new RootOpener(posix, walk.within());
        this.order = walk.order();
        this.given = walk.given();
        this.oneFileSystem = walk.oneFileSystem();
        this.resting = resting;
        this.roots = walk.paths();
        this.listing = new DirectoryLister(posix, walk.filter(), order, maxSorted);
    }

    /**
     * Returns the next file or error; null if the walk is complete or has to rest, after which the next call continues.
     * The caller releases the entry.
     */
    public @Nullable WalkEntry next() {
        FileRun run = nextRun(1);
        return run == null ? null : run.only();
    }

    /** Like {@link #next}, with up to {@code maxFiles} files of one directory. */
    public synchronized @Nullable FileRun nextRun(int maxFiles) {
        FileRun run = null;
        while (run == null && !atEnd && !resting.getAsBoolean()) {
            atEnd = levels.isEmpty() && !roots.hasNext();
            if (!atEnd) {
                run = levels.isEmpty() ? single(enterRoot(roots.next())) : advance(levels.getLast(), maxFiles);
            }
        }
        return run;
    }

    private static @Nullable FileRun single(@Nullable WalkEntry found) {
        return found == null ? null : FileRun.of(found);
    }

    /** Whether {@link #next} has reached the end of the walk. */
    public synchronized boolean isAtEnd() {
        return atEnd;
    }

    /**
     * Returns the entries skipped so far: those that are not regular files or were filtered, and mounts that store no
     * files or were not to be crossed.
     */
    public synchronized Skipped skipped() {
        return listing.skipped(skippedMounts);
    }

    @GuardedBy("this") private @Nullable WalkEntry enterRoot(BytePath path) {
        if (given.isStandardInput(path)) {
            return WalkEntry.standardInput(sequence++);
        }
        try {
            FileType type = entrance.type(path);
            if (type == FileType.DIRECTORY && given.entersDirectories()) {
                return enter(
                        entrance.directory(path),
                        path,
                        NO_DEVICE,
                        path.resolve(NO_NAME).toBytes().length);
            }
            return type == FileType.REGULAR
                    ? given(path)
                    : failure(path, path + ": is a " + type.label() + ", not a regular file");
        } catch (IOException e) {
            return failure(path, String.valueOf(e.getMessage()));
        }
    }

    @GuardedBy("this") private WalkEntry given(BytePath path) throws IOException {
        WalkEntry found = entrance.file(sequence, path);
        sequence++; // only after success: results would wait for an unused number
        return found;
    }

    /**
     * Performs one step within a directory: first the listed files, then the listed subdirectories, then the next part
     * of the listing.
     */
    @GuardedBy("this") private @Nullable FileRun advance(DirectoryFrame level, int maxFiles) {
        List<DirectoryFrame.Item> files = level.nextFiles(maxFiles);
        if (!files.isEmpty()) {
            var run = FileRun.of(sequence, level.directory().retain(), files);
            sequence += run.size();
            return run;
        }
        BytePath path = level.directory().get().path();
        byte[] subdirectory = level.nextSubdirectory();
        if (subdirectory != null) {
            return single(enterBelow(level, subdirectory, path.resolve(subdirectory)));
        }
        if (level.hasEnded()) {
            leave();
            return null;
        }
        try {
            listing.read(level);
            return null;
        } catch (PosixException e) {
            level.end();
            return single(failure(path, String.valueOf(e.getMessage())));
        }
    }

    @GuardedBy("this") private @Nullable WalkEntry enterBelow(DirectoryFrame parent, byte[] name, BytePath path) {
        try {
            OwnedFd fd = posix.files().openAt(parent.directory().get().fd(), name, path, OPEN_BELOW);
            return enter(fd, path, parent.device(), parent.below());
        } catch (PosixException e) {
            return failure(path, String.valueOf(e.getMessage()));
        }
    }

    /** Takes ownership of an open directory, unless the kernel generates its files (/proc, /sys). */
    @GuardedBy("this") private @Nullable WalkEntry enter(OwnedFd fd, BytePath path, long parentDevice, int below) throws PosixException {
        long device;
        try {
            device = posix.files().status(fd).device();
            if (device != parentDevice) {
                if (oneFileSystem && parentDevice != NO_DEVICE) {
                    fd.close();
                    skippedMounts++;
                    return null;
                }
                var type = FileSystemType.of(posix.files().fileSystem(fd).magic());
                if (!type.holdsFiles()) {
                    fd.close();
                    if (parentDevice != NO_DEVICE) {
                        skippedMounts++;
                        return null;
                    }
                    return failure(path, path + ": holds no stored files, being of type " + type.label());
                }
            }
        } catch (PosixException e) {
            fd.close();
            throw e;
        }
        Directory directory = posix.files().list(fd, path);
        levels.add(new DirectoryFrame(new SharedDirectory(directory), device, below, order, namesToRemember()));
        return null;
    }

    /** Returns half of the entries that the open directories leave, so that some are left for the directories below. */
    @GuardedBy("this") private int namesToRemember() {
        int held = levels.stream().mapToInt(DirectoryFrame::size).sum();
        return Math.max(Math.min(FileOrder.MIN_NAMES, maxNames), (maxNames - held) / 2);
    }

    @GuardedBy("this") private void leave() {
        levels.removeLast().directory().release();
    }

    @GuardedBy("this") private WalkEntry failure(BytePath path, String error) {
        return new WalkEntry(sequence++, path, null, new byte[0], error);
    }

    /** Closes the directories that are still open. */
    @Override
    public synchronized void close() {
        while (!levels.isEmpty()) {
            leave();
        }
    }
}
