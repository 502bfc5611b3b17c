// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A directory of a walk, open, and what of it was listed and is still to be visited. Entries are added in pieces: those
 * of a piece can be had when it is complete. The walk's thread of the moment.
 */
final class Level {
    /**
     * A file that is to be visited.
     *
     * @param rank where it is sorted, the lowest first
     * @param error why it cannot be; null as a rule
     */
    record Item(byte[] name, long rank, @Nullable String error) {
        static final Comparator<Item> IN_ORDER =
                Comparator.comparingLong(Item::rank).thenComparing(Item::name, Arrays::compareUnsigned);
    }

    private final SharedDirectory directory;
    private final long device;
    private final int below;
    private final boolean sorted;

    /** The last one comes first, so that each can be forgotten when it is visited. */
    private List<Item> files = new ArrayList<>();

    private final Deque<byte[]> subdirectories = new ArrayDeque<>();
    private boolean complete;
    private boolean ended;

    /**
     * @param device that the directory lies on
     * @param below where in the paths of its entries the part begins that lies below the given one
     * @param sorted whether a piece is sorted when it is complete
     */
    Level(SharedDirectory directory, long device, int below, boolean sorted) {
        this.directory = directory;
        this.device = device;
        this.below = below;
        this.sorted = sorted;
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
        files.add(file);
    }

    void addSubdirectory(byte[] name) {
        subdirectories.add(name);
    }

    /** Entries of this piece. */
    int size() {
        return files.size() + subdirectories.size();
    }

    void complete() {
        if (sorted) {
            files.sort(Item.IN_ORDER);
            var names = new ArrayList<>(subdirectories);
            names.sort(Arrays::compareUnsigned);
            subdirectories.clear();
            subdirectories.addAll(names);
        }
        Collections.reverse(files);
        complete = true;
    }

    /** There will be no further piece. */
    void end() {
        ended = true;
        complete();
    }

    boolean hasEnded() {
        return ended;
    }

    /** The next files, at most so many; none when those of a complete piece are visited, or none is complete. */
    List<Item> nextFiles(int maxFiles) {
        if (!complete || files.isEmpty()) {
            return List.of();
        }
        int count = Math.min(maxFiles, files.size());
        var next = new ArrayList<Item>(count);
        for (int i = 0; i < count; i++) {
            next.add(files.remove(files.size() - 1));
        }
        if (files.isEmpty()) {
            files = new ArrayList<>(); // the room of a big directory is not kept for its subdirectories' time
        }
        return next;
    }

    /** Null when the subdirectories of a complete piece are visited, or none is complete; then the next may begin. */
    byte @Nullable [] nextSubdirectory() {
        byte[] next = complete ? subdirectories.poll() : null;
        complete = next != null || ended;
        return next;
    }
}
