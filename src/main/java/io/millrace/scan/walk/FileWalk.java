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
 * The files under given paths, one at a time, in the order of the paths and, below each, that of {@link FileOrder}.
 * Memory grows with the depth of a tree, and with its width, to a limit, only where directories are to be sorted; the
 * number of open directories grows with the depth alone.
 *
 * <p>Below a directory, symbolic links are not followed, and what is no regular file is skipped, as are mounts whose
 * files the kernel makes up (/proc, /sys); a path that is given as such may be a link, unless it has to stay within
 * roots, but has to lead to a stored file or a directory of such. Any thread may pull.
 */
public final class FileWalk implements AutoCloseable {
    private static final Set<OpenFlag> OPEN_BELOW = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
    private static final byte[] NO_NAME = {};

    /** What a path that was given lies below. */
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

    /** @param resting whether to return, asked between any two pieces of work */
    public FileWalk(Posix posix, WalkSpec walk, BooleanSupplier resting) {
        this(posix, walk, resting, walk.order() == FileOrder.NAME ? FileOrder.MAX_NAMES : FileOrder.MAX_SORTED);
    }

    /** @param maxSorted entries of a directory that are sorted together; by name, of all that are open */
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
     * The next file or error; null when all is walked, or it is to rest: then the next call goes on from there. The
     * caller releases it.
     */
    public @Nullable WalkEntry next() {
        FileRun run = nextRun(1);
        return run == null ? null : run.only();
    }

    /** As {@link #next}, with up to so many files of one directory. */
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

    /** Whether {@link #next} has found that all is walked. */
    public synchronized boolean isAtEnd() {
        return atEnd;
    }

    /** Entries that are no regular files or that the filter left out, and mounts that store none or are not wanted, so far. */
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
        sequence++; // not before: a number that nothing bears would be waited for
        return found;
    }

    /** One step within a directory: files that were listed, then the subdirectories, then the next of the list. */
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

    /** Takes over an open directory, unless the kernel makes its files up (/proc, /sys). */
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

    /** Half of what the directories above leave, so that something is left for those below. */
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

    /** Lets go of the directories that are still open. */
    @Override
    public synchronized void close() {
        while (!levels.isEmpty()) {
            leave();
        }
    }
}
