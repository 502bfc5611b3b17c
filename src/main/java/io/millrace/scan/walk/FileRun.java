// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.libc.BytePath;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Files of one directory that follow each other in the order of a walk, for one thread to read; or a single path that was
 * given, or an error in a file's place. Holds the directory open until {@link #release}. Paths are made when the files are
 * taken, by the thread that reads them and not under the lock of the walk. One thread at a time.
 */
public final class FileRun {
    private static final byte[] NO_NAME = {};

    private final long firstSequence;
    private final @Nullable SharedDirectory directory;
    private final List<DirectoryFrame.Item> items;
    private final @Nullable WalkEntry single;
    private int taken;
    private int end;

    private FileRun(
            long firstSequence,
            @Nullable SharedDirectory directory,
            List<DirectoryFrame.Item> items,
            @Nullable WalkEntry single) {
        this.firstSequence = firstSequence;
        this.directory = directory;
        this.items = items;
        this.single = single;
        this.end = single == null ? items.size() : 1;
    }

    /** Takes over a hold of the directory. */
    public static FileRun of(long firstSequence, SharedDirectory directory, List<DirectoryFrame.Item> items) {
        return new FileRun(firstSequence, directory, items, null);
    }

    /** Takes over what {@code found} holds. */
    public static FileRun of(WalkEntry found) {
        return new FileRun(found.sequence(), found.parent(), List.of(), found);
    }

    /** The number of the next file, or of the one behind the last. */
    public long nextSequence() {
        return firstSequence + taken;
    }

    /** Files that are left. */
    public int size() {
        return end - taken;
    }

    public boolean hasNext() {
        return taken < end;
    }

    /** Puts the file that was taken last back. */
    public void putBack() {
        taken--;
    }

    /** Cuts off the last files, {@code count} of those that are left, as a run of their own. */
    public FileRun split(int count) {
        int cut = end - Objects.checkIndex(count - 1, size()) - 1;
        var rest = new FileRun(firstSequence, Objects.requireNonNull(directory).retain(), items, null);
        rest.taken = cut;
        rest.end = end;
        end = cut;
        return rest;
    }

    /** The next file; its directory is open until the run is released, and not to be released by the taker. */
    public WalkEntry next() {
        int index = Objects.checkIndex(taken, end);
        taken++;
        if (single != null) {
            return single;
        }
        SharedDirectory parent = Objects.requireNonNull(directory);
        DirectoryFrame.Item item = items.get(index);
        BytePath path = parent.get().path();
        return item.error() == null
                ? new WalkEntry(firstSequence + index, path.resolve(item.name()), parent, item.name(), null)
                : new WalkEntry(firstSequence + index, path, null, NO_NAME, item.error());
    }

    /** The only file of a run, which takes over the run's hold of the directory: it is to be released by the taker. */
    public WalkEntry only() {
        if (size() != 1) {
            throw new IllegalStateException(size() + " files in a run that was to have one");
        }
        WalkEntry found = next();
        if (found.parent() == null) {
            release();
        }
        return found;
    }

    public void release() {
        if (directory != null) {
            directory.release();
        }
    }
}
