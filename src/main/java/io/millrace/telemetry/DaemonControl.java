// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The service as a whole, as its faces see it. Any thread. */
public interface DaemonControl {
    String version();

    Instant started();

    /** The configuration file, display form. */
    String configuration();

    /** One sentence on how things are, the one that systemctl shows too. */
    String sentence();

    /** What is wrong with the service itself, such as a port that somebody else has; one line each. */
    List<String> troubles();

    /** The directory of results, a file of each source: {@code NAME.ndjson}; those of requests are in {@code request.ndjson}. */
    String resultsDirectory();

    /** Whether all pools are at their target and the service takes requests. */
    boolean isReady();

    /**
     * Reads the configuration file again and applies it as a whole.
     *
     * @return one line on what changed
     * @throws IOException with every problem of the file, a line each; nothing has changed then
     */
    String reload() throws IOException;

    /** Begins to stop, and returns. */
    void stop();
}
