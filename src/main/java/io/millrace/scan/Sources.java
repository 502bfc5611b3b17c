// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import java.util.Collection;
import java.util.List;

/**
 * The sources of a service, each scanned when it is due, never twice at a time; a run that was missed while the service
 * was down is made up for once. Any thread.
 */
public final class Sources implements AutoCloseable {
    /** @param state a directory for what has to outlive the process: when each source was last run; exists */
    public Sources(Posix posix, BytePath state, Scans scans) {
        throw new UnsupportedOperationException(posix + "" + state + scans);
    }

    /** Makes these the sources, and begins to keep their schedules. A run under way of one that is gone ends by itself. */
    public void apply(Collection<SourceSpec> specs) {
        throw new UnsupportedOperationException();
    }

    /** In the order of their names. */
    public List<SourceStatus> statuses() {
        throw new UnsupportedOperationException();
    }

    /**
     * Runs a source now.
     *
     * @return the id of the scan
     * @throws IllegalArgumentException where there is no such source
     * @throws IllegalStateException where it is being scanned already
     */
    public String start(String name) {
        throw new UnsupportedOperationException();
    }

    /** To be told of every scan that ends; {@link ScansListener#ended} of the service passes it on. */
    public ScansListener listener() {
        throw new UnsupportedOperationException();
    }

    /** No further run begins. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}
