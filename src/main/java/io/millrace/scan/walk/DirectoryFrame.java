// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An open directory on the stack of a walk, with its entries that were listed and not yet visited. Entries are added in
 * pieces, and become available when a piece is complete. With {@link FileOrder#NAME} a piece is what one pass over the
 * whole directory has kept: the first entries after the previous piece. Used under the lock of the walk, which releases
 * the directory.
 */
public final class DirectoryFrame {
    /**
     * A file to visit.
     *
     * @param rank primary sort key, lowest first
     * @param error why the file cannot be visited; normally null
     */
    public record Item(byte[] name, long rank, @Nullable String error) {
        static final Comparator<Item> IN_ORDER =
                Comparator.comparingLong(Item::rank).thenComparing(Item::name, Arrays::compareUnsigned);
    }

    private final SharedDirectory directory;
    private final long device;
    private final int below;
    private final FileOrder order;
    private final int maxNames;

    /** Reversed once the piece is complete, so that each item can be removed from the end when it is visited. */
    private List<Item> files = new ArrayList<>();

    private List<byte[]> subdirectories = new ArrayList<>();
    private boolean complete;
    private boolean ended;

    /** With order NAME: the last entry of the previous pieces; null for the first piece. */
    private @Nullable PathKey after;

    /** With order NAME: the last entry that fits in this piece; null if all fit. */
    private @Nullable PathKey last;

    /**
     * @param device device of the directory
     * @param below offset, in the paths of its entries, of the part below the given path
     * @param maxNames maximum number of entries that one pass keeps with order NAME
     */
    DirectoryFrame(SharedDirectory directory, long device, int below, FileOrder order, int maxNames) {
        this.directory = directory;
        this.device = device;
        this.below = below;
        this.order = order;
        this.maxNames = maxNames;
    }

    SharedDirectory directory() {
        return directory;
    }

    long device() {
        return device;
    }

    int below() {
        return below;
    }

    void add(Item file) {
        if (isOfThisPass(PathKey.file(file.name()))) {
            files.add(file);
        }
    }

    void addSubdirectory(byte[] name) {
        if (isOfThisPass(PathKey.directory(name))) {
            subdirectories.add(name);
        }
    }

    private boolean isOfThisPass(PathKey key) {
        return (after == null || key.compareTo(after) > 0) && (last == null || key.compareTo(last) <= 0);
    }

    /** Returns the number of entries in this piece. */
    int size() {
        return files.size() + subdirectories.size();
    }

    /** Whether this is the first pass, so that each entry is seen for the first time. */
    boolean isFirstPass() {
        return after == null;
    }

    /** With order NAME: if there are too many entries, keeps the first half and leaves the others to another pass. */
    void trim() {
        if (size() < maxNames) {
            return;
        }
        sort();
        int keep = Math.max(1, maxNames / 2);
        int fileCount = 0;
        int directoryCount = 0;
        while (fileCount + directoryCount < keep) {
            PathKey file =
                    fileCount < files.size() ? PathKey.file(files.get(fileCount).name()) : null;
            PathKey subdirectory = directoryCount < subdirectories.size()
                    ? PathKey.directory(subdirectories.get(directoryCount))
                    : null;
            if (subdirectory == null || file != null && file.compareTo(subdirectory) < 0) {
                last = file;
                fileCount++;
            } else {
                last = subdirectory;
                directoryCount++;
            }
        }
        files = new ArrayList<>(files.subList(0, fileCount));
        subdirectories = new ArrayList<>(subdirectories.subList(0, directoryCount));
    }

    private void sort() {
        if (order.isSorted()) {
            files.sort(Item.IN_ORDER);
            subdirectories.sort(
                    order == FileOrder.NAME ? Comparator.comparing(PathKey::directory) : Arrays::compareUnsigned);
        }
    }

    void complete() {
        sort();
        Collections.reverse(files);
        Collections.reverse(subdirectories);
        complete = true;
    }

    /**
     * Called when the directory was listed to its end. Returns whether it has to be listed again for entries that did
     * not fit.
     */
    boolean endPass() {
        boolean isCut = last != null;
        if (isCut) {
            after = last;
            last = null;
        } else {
            ended = true;
        }
        complete();
        return isCut;
    }

    /** Records that there will be no further piece. */
    void end() {
        ended = true;
        complete();
    }

    boolean hasEnded() {
        return ended;
    }

    /**
     * Returns at most {@code maxFiles} next files. The list is empty if all files of a complete piece were visited, if
     * no piece is complete, or if a subdirectory comes next by name.
     */
    List<Item> nextFiles(int maxFiles) {
        if (!complete || files.isEmpty() || isSubdirectoryNext()) {
            return List.of();
        }
        var next = new ArrayList<Item>(Math.min(maxFiles, files.size()));
        while (next.size() < maxFiles && !files.isEmpty() && !isSubdirectoryNext()) {
            next.add(files.remove(files.size() - 1));
        }
        if (files.isEmpty()) {
            files = new ArrayList<>(); // frees the list of a large directory before its subdirectories are visited
        }
        return next;
    }

    private boolean isSubdirectoryNext() {
        return order == FileOrder.NAME
                && !subdirectories.isEmpty()
                && PathKey.directory(subdirectories.get(subdirectories.size() - 1))
                                .compareTo(
                                        PathKey.file(files.get(files.size() - 1).name()))
                        < 0;
    }

    /**
     * Returns the next subdirectory. Null if all subdirectories of a complete piece were visited, after which the next
     * piece may begin, or if no piece is complete.
     */
    byte @Nullable [] nextSubdirectory() {
        byte[] next = complete && !subdirectories.isEmpty() ? subdirectories.remove(subdirectories.size() - 1) : null;
        complete = next != null || ended;
        return next;
    }
}
