// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a keeper lets others see; never changes once it is shown.
 *
 * @param claims as they were counted when so many files were ready
 * @param roomBytes that are free above the reserve; empty where nobody can know
 */
record PoolView(
        PoolState state,
        int ready,
        Optional<String> reason,
        long strangers,
        List<String> strangerWords,
        long claims,
        long reservedBytes,
        OptionalLong roomBytes) {
    /** Before the first look. */
    static PoolView before(PoolTotals totals) {
        return new PoolView(
                PoolState.FILLING,
                0,
                Optional.empty(),
                0,
                List.of(),
                totals.claims(),
                totals.reservedBytes(),
                OptionalLong.empty());
    }

    /** The same where nothing can be done for now. */
    PoolView failed(String why) {
        return new PoolView(
                PoolState.FAILED,
                ready,
                Optional.of(why),
                strangers,
                strangerWords,
                claims,
                reservedBytes,
                OptionalLong.empty());
    }

    PoolStatus status(PoolSpec spec, PoolTotals totals) {
        double rate = totals.steadyClaimsPerSecond();
        OptionalDouble seconds = rate == 0 || roomBytes.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, roomBytes.getAsLong()) / (rate * spec.fileBytes()));
        return new PoolStatus(
                spec,
                state,
                ready,
                claims,
                totals.claimsPerSecond(),
                reason,
                reservedBytes,
                strangers,
                strangerWords,
                seconds);
    }
}
