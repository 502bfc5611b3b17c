// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a walk, open, and what of it was listed and is still to be visited. Entries are added in pieces: those
 * of a piece can be had when it is complete. By name a piece is what one pass over the whole directory has kept: the first
 * entries after the piece before. The walk's thread of the moment.
 */
public final class DirectoryFrame {
    /**
     * A file that is to be visited.
     *
     * @param rank where it is sorted, the lowest first
     * @param error why it cannot be; null as a rule
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

    /** The last one comes first once the piece is complete, so that each can be forgotten when it is visited. */
    private List<Item> files = new ArrayList<>();

    private List<byte[]> subdirectories = new ArrayList<>();
    private boolean complete;
    private boolean ended;

    /** By name: where the pieces before this one end; null for the first. */
    private @Nullable PathKey after;

    /** By name: the last entry that has room in this piece; null while all have. */
    private @Nullable PathKey last;

    /**
     * @param device that the directory lies on
     * @param below where in the paths of its entries the part begins that lies below the given one
     * @param maxNames entries that are kept in a pass, by name
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

    /** Entries of this piece. */
    int size() {
        return files.size() + subdirectories.size();
    }

    /** Whether each entry is seen for the first time. */
    boolean isFirstPass() {
        return after == null;
    }

    /** By name: keeps the first half of the entries where there are too many, and leaves the others for another pass. */
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

    /** The directory was listed to its end. Returns whether it has to be listed again for what had no room. */
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

    /** There will be no further piece. */
    void end() {
        ended = true;
        complete();
    }

    boolean hasEnded() {
        return ended;
    }

    /** The next files, at most so many; none when those of a complete piece are visited, none is complete, or by name it is a subdirectory's turn. */
    List<Item> nextFiles(int maxFiles) {
        if (!complete || files.isEmpty() || isSubdirectoryNext()) {
            return List.of();
        }
        var next = new ArrayList<Item>(Math.min(maxFiles, files.size()));
        while (next.size() < maxFiles && !files.isEmpty() && !isSubdirectoryNext()) {
            next.add(files.remove(files.size() - 1));
        }
        if (files.isEmpty()) {
            files = new ArrayList<>(); // the room of a big directory is not kept for its subdirectories' time
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

    /** Null when the subdirectories of a complete piece are visited, or none is complete; then the next may begin. */
    byte @Nullable [] nextSubdirectory() {
        byte[] next = complete && !subdirectories.isEmpty() ? subdirectories.remove(subdirectories.size() - 1) : null;
        complete = next != null || ended;
        return next;
    }
}
