// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.worker.Outcome.Kind;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A worker's process that had to be replaced, and why.
 *
 * @param reason a word from a fixed list, so that series stay few
 */
record Restart(String worker, String reason) {
    static final String QUARANTINED = "quarantined";

    /** It ended, or spoke, while it had no file. */
    private static final String IDLE = "while-idle";

    private static final Set<String> FAULTS = Arrays.stream(Kind.values())
            .filter(Kind::isWorkersFault)
            .map(Kind::words)
            .collect(Collectors.toUnmodifiableSet());

    /** @param sentence the listener's: begins with the kind of the outcome, where one was to blame */
    static Restart of(String worker, String sentence) {
        int colon = sentence.indexOf(':');
        String first = colon < 0 ? sentence : sentence.substring(0, colon);
        return new Restart(worker, FAULTS.contains(first) ? first : IDLE);
    }
}
