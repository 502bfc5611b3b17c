// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** The service as a whole, as seen by its endpoints. Any thread. */
public interface DaemonControl {
    String version();

    Instant started();

    /** The path of the configuration file, in display form. */
    String configuration();

    /** The status of the service as one sentence, which systemctl shows too. */
    String sentence();

    /** The problems of the service itself, such as a port that is in use; one line each. */
    List<String> troubles();

    /**
     * The directory of results, with a file for each source, {@code NAME.ndjson}; results of requested scans are in
     * {@code request.ndjson}.
     */
    String resultsDirectory();

    /** Returns whether all pools are at their target and the service accepts requests. */
    boolean isReady();

    /**
     * Reads the configuration file again and applies it as a whole.
     *
     * @return one line that says what changed
     * @throws IOException with every problem of the file, one in each line; then nothing has changed
     */
    String reload() throws IOException;

    /** Starts to stop the service and returns at once. */
    void stop();
}
