// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.files.Roots;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.prealloc.AllocationException.Refusal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reserves one or many files durably. Stateless, nothing to close; any number of threads, each call runs on its
 * caller's thread.
 */
public final class Preallocator {
    private final Posix posix;
    private final PreallocatorOptions options;
    private final AllocationListener listener;

    public Preallocator(Posix posix, PreallocatorOptions options, AllocationListener listener) {
        this.posix = posix;
        this.options = options;
        this.listener = listener;
    }

    /**
     * Reserves one file.
     *
     * @throws IOException a {@link io.millrace.posix.libc.PosixException} or an {@link AllocationException}, after
     *     which a new file does not exist and an existing one has the blocks that it had
     */
    public Reservation allocate(BytePath path, AllocationRequest request) throws IOException {
        return verdict(allocate(List.of(path), request, new CancellationToken()).get(0));
    }

    /**
     * Reserves a new file of mode 0640 below {@code roots}, even if directories change meanwhile; never changes an
     * existing file. Throws as {@link #allocate(BytePath, AllocationRequest)}, and if the path leads outside the roots.
     */
    public Reservation createBelow(Roots roots, BytePath path, long sizeBytes, Reserve reserve) throws IOException {
        var request =
                AllocationRequest.of(0, sizeBytes, AllocateOption.NEW_ONLY).withReserve(reserve);
        try (OwnedFd directory = roots.openParent(path)) {
            var parent = ParentDirectory.borrowed(
                    posix.files(),
                    directory,
                    path.parent(),
                    listener,
                    ParentDirectory.HIDDEN_PREFIX,
                    ParentDirectory.Measure.NONE);
            return verdict(allocate(List.of(path), request, new CancellationToken(), parent)
                    .get(0));
        }
    }

    private static Reservation verdict(AllocationResult outcome) throws IOException {
        if (outcome instanceof AllocationResult.Failed failed) {
            throw failed.cause();
        }
        return ((AllocationResult.Reserved) outcome).verdict();
    }

    /**
     * Reserves every file as the request says, independently: a failure does not stop the others. After a stop the
     * files already started are finished, and the rest fail with {@link Refusal#STOPPED}.
     *
     * @return one result for each path, in order; every file reported as reserved is durable
     */
    public List<AllocationResult> allocate(List<BytePath> paths, AllocationRequest request, CancellationToken stop) {
        return allocate(paths, request, stop, null);
    }

    /** Reserves files in one directory that is already open, wherever its path leads by now. */
    public List<AllocationResult> allocate(
            List<BytePath> paths,
            AllocationRequest request,
            CancellationToken stop,
            @Nullable ParentDirectory directory) {
        List<AllocationResult> outcomes = new ArrayList<>(paths.size());
        while (outcomes.size() < paths.size() && !stop.isRequested()) {
            int next = outcomes.size();
            try (var batch = new AllocationBatch(posix, request, listener, directory)) {
                int end = Math.min(paths.size(), next + options.batchFiles());
                report(batch.run(paths.subList(next, end), stop), outcomes);
            }
        }
        for (BytePath path : paths.subList(outcomes.size(), paths.size())) {
            var cause = new AllocationException(Refusal.STOPPED, path, "not begun, since a stop was asked for");
            report(List.of(new AllocationResult.Failed(path, cause)), outcomes);
        }
        return outcomes;
    }

    private void report(List<AllocationResult> news, List<AllocationResult> outcomes) {
        outcomes.addAll(news);
        news.forEach(listener::finished);
    }
}
