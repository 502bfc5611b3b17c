// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.Posix;
import java.util.Collection;
import java.util.List;

/**
 * The configured workers of a service, by name. Several scans share the processes of one. Any thread.
 */
public final class WorkerPools implements AutoCloseable {
    public WorkerPools(Posix posix, WorkerListener listener) {
        throw new UnsupportedOperationException(posix + "" + listener);
    }

    /** Some workers, held by one scan: they stay as they are until it is closed, whatever {@link #apply} does. */
    public interface Lease extends AutoCloseable {
        List<WorkerPool> pools();

        @Override
        void close();
    }

    /** Makes these the workers: keeps what did not change; the processes of others end when the last lease does. */
    public void apply(Collection<WorkerSpec> specs) {
        throw new UnsupportedOperationException();
    }

    /** @throws IllegalArgumentException that names the workers which are not configured */
    public Lease lease(List<String> names) {
        throw new UnsupportedOperationException();
    }

    /** In the order of their names. */
    public List<WorkerStatus> statuses() {
        throw new UnsupportedOperationException();
    }

    /**
     * Has every process replaced: at once if it waits for files, else after the file that it has. Ends a quarantine.
     *
     * @throws IllegalArgumentException where there is no such worker
     */
    public void restart(String name) {
        throw new UnsupportedOperationException();
    }

    /** Ends all processes; the leases are closed by then. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
