// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.worker.WorkerSpec;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a configuration file says, with a value for everything it leaves out. Immutable.
 *
 * @param workers by name, in the order of the file
 */
public record Configuration(Map<String, WorkerSpec> workers) {
    public Configuration {
        workers = Collections.unmodifiableMap(new LinkedHashMap<>(workers));
    }
}
