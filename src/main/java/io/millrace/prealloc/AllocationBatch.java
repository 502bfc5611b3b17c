// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Allocates several files together, so that one commit of the file system's journal serves all: every file is
 * reserved, then every file is synced, then every file gets its name, then every directory is synced. A failure
 * affects only its own file. One thread; {@link #close} closes what is open.
 */
public final class AllocationBatch implements AutoCloseable {
    private static final Set<Errno> NO_DESCRIPTORS = Set.of(Errno.EMFILE, Errno.ENFILE);

    /** A file of the batch: it has failed, or is in progress and has a reservation once it was measured. */
    private static final class Slot {
        final BytePath path;
        final long startedNanos = System.nanoTime();

        @Nullable PendingFile target;

        @Nullable Reservation verdict;

        @Nullable IOException failure;

        Slot(BytePath path) {
            this.path = path;
        }

        AllocationResult outcome() {
            if (verdict == null || failure != null) {
                return new AllocationResult.Failed(path, failure == null ? new IOException(path.display()) : failure);
            }
            return new AllocationResult.Reserved(
                    path, verdict.after(Duration.ofNanos(System.nanoTime() - startedNanos)));
        }
    }

    /** One step that is applied to a file. */
    private interface Step {
        void take(Slot slot, PendingFile target) throws IOException;
    }

    private final Posix posix;
    private final AllocationRequest request;
    private final AllocationListener listener;
    private final FreeSpaceGuard guard;
    private final Map<BytePath, ParentDirectory> parents = new HashMap<>();
    private final Set<ParentDirectory> changed = new LinkedHashSet<>();
    private final List<Slot> slots = new ArrayList<>();
    private boolean isDecided;

    AllocationBatch(
            Posix posix, AllocationRequest request, AllocationListener listener, @Nullable ParentDirectory known) {
        this.posix = posix;
        this.request = request;
        this.listener = listener;
        this.guard = new FreeSpaceGuard(posix, request.reserve());
        if (known != null) {
            parents.put(known.path(), known);
        }
    }

    /** Allocates files in order, at least one, until the process runs out of descriptors; fewer after a stop. */
    List<AllocationResult> run(List<BytePath> paths, CancellationToken stop) {
        for (BytePath path : paths) {
            if (stop.isRequested() && !slots.isEmpty()) {
                break;
            }
            var slot = new Slot(path);
            slots.add(slot);
            attempt(slot, s -> reserve(s, stop));
            listener.progressed();
            if (slot.failure instanceof PosixException e && NO_DESCRIPTORS.contains(e.errno()) && makeRoom(slot)) {
                break;
            }
        }
        each((slot, target) -> posix.files().fsync(target.file()));
        each((slot, target) -> slot.verdict = target.survey());
        each(this::publish);
        changed.forEach(this::syncDirectory);
        isDecided = true;
        return slots.stream().map(Slot::outcome).toList();
    }

    private void reserve(Slot slot, CancellationToken stop) throws IOException {
        ParentDirectory parent = parents.get(slot.path.parent());
        if (parent == null) {
            parent = ParentDirectory.of(posix.files(), slot.path, listener);
            parents.put(parent.path(), parent);
        }
        boolean exists = !request.has(AllocateOption.NEW_ONLY) && parent.has(slot.path);
        if (slot.path.endsInSlash()) { // the error of open(2) for a name that denotes a directory
            boolean isOther = exists && parent.statusOf(slot.path).type() != FileType.DIRECTORY;
            throw new PosixException("open", isOther ? Errno.ENOTDIR : Errno.EISDIR, slot.path);
        }
        slot.target = exists
                ? ExistingFile.open(posix, request, guard, slot.path, parent, stop)
                : NewFile.create(posix, request, guard, slot.path, parent, stop);
        slot.target.reserve();
    }

    private void publish(Slot slot, PendingFile target) throws IOException {
        target.publish();
        ParentDirectory parent = parents.get(slot.path.parent());
        if (parent != null && target instanceof NewFile) {
            changed.add(parent);
        }
    }

    /**
     * Called after EMFILE or ENFILE: leaves this file, and the last quarter of those before it, to the next batch,
     * since finishing the others takes a few descriptors too. Returns false if this file is the only one.
     */
    private boolean makeRoom(Slot starved) {
        slots.remove(starved);
        long alive = slots.stream().filter(slot -> slot.target != null).count();
        if (alive == 0) {
            slots.add(starved);
            return false;
        }
        for (long surplus = alive / 4; surplus > 0; surplus--) {
            Slot last = slots.remove(slots.size() - 1);
            fail(last, new IOException("left to the next batch"));
        }
        return true;
    }

    private void each(Step step) {
        for (Slot slot : slots) {
            attempt(slot, s -> {
                if (s.target != null) {
                    step.take(s, s.target);
                    listener.progressed();
                }
            });
        }
    }

    /** The part of {@link #attempt} that may fail. */
    private interface Work {
        void on(Slot slot) throws IOException;
    }

    private static void attempt(Slot slot, Work work) {
        try {
            work.on(slot);
        } catch (IOException e) {
            fail(slot, e);
        }
    }

    /** Releases the file's blocks and closes it. */
    private static void fail(Slot slot, IOException failure) {
        slot.failure = failure;
        PendingFile target = slot.target;
        if (target != null) {
            slot.target = null;
            try (target) {
                target.withdraw();
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
    }

    /** Syncs a directory. A name that may not survive a crash must not be reported as created, and is removed. */
    private void syncDirectory(ParentDirectory parent) {
        try {
            parent.sync();
        } catch (PosixException e) {
            for (Slot slot : slots) {
                if (slot.target instanceof NewFile && slot.path.parent().equals(parent.path())) {
                    fail(slot, new PosixException("fsync of its directory", e.errno(), slot.path.display()));
                }
            }
        }
    }

    /** Rolls back every file that is undecided because of an error of our own. */
    @Override
    public void close() {
        for (Slot slot : slots) {
            if (slot.target != null && isDecided) {
                slot.target.close();
            } else {
                fail(slot, new IOException("abandoned"));
            }
        }
        parents.values().forEach(ParentDirectory::close);
    }
}
