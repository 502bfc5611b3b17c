// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.libc.BytePath;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive files of one directory in walk order, for one thread to read; or a single given path, or an error in
 * place of a file. It keeps the directory open until {@link #release}. Paths are built when files are taken, by the
 * reading thread and not under the lock of the walk. One thread at a time.
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

    /** Takes ownership of one reference to the directory. */
    public static FileRun of(long firstSequence, SharedDirectory directory, List<DirectoryFrame.Item> items) {
        return new FileRun(firstSequence, directory, items, null);
    }

    /** Takes ownership of the reference that {@code found} holds. */
    public static FileRun of(WalkEntry found) {
        return new FileRun(found.sequence(), found.parent(), List.of(), found);
    }

    /** Returns the sequence number of the next file, or of the file after the run if none is left. */
    public long nextSequence() {
        return firstSequence + taken;
    }

    /** Returns the number of files left. */
    public int size() {
        return end - taken;
    }

    public boolean hasNext() {
        return taken < end;
    }

    /** Puts back the file that was taken last. */
    public void putBack() {
        taken--;
    }

    /** Splits off the last {@code count} of the remaining files as a separate run. */
    public FileRun split(int count) {
        int cut = end - Objects.checkIndex(count - 1, size()) - 1;
        var rest = new FileRun(firstSequence, Objects.requireNonNull(directory).retain(), items, null);
        rest.taken = cut;
        rest.end = end;
        end = cut;
        return rest;
    }

    /**
     * Takes the next file. Its directory stays open until the run is released; the caller must not release the entry.
     */
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

    /**
     * Takes the only file of a run, together with the run's reference to the directory; the caller must release the
     * entry.
     */
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
