// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.prealloc.PoolState;
import io.millrace.prealloc.PoolStatus;
import io.millrace.scan.SourceStatus;

/** What an operator should look at. */
final class Trouble {
    private Trouble() {}

    static boolean is(PoolStatus pool) {
        return pool.state() == PoolState.STARVED || pool.state() == PoolState.FAILED;
    }

    static boolean is(SourceStatus source) {
        return source.lastProblem().isPresent();
    }
}
