// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a keeper lets others see; never changes once it is shown.
 *
 * @param roomBytes that are free above the reserve; empty where nobody can know
 */
record PoolView(
        PoolState state,
        int ready,
        Optional<String> reason,
        long strangers,
        List<String> strangerWords,
        OptionalLong roomBytes) {
    static final PoolView BEFORE =
            new PoolView(PoolState.FILLING, 0, Optional.empty(), 0, List.of(), OptionalLong.empty());

    PoolStatus status(PoolSpec spec, PoolTotals totals) {
        double rate = totals.steadyClaimsPerSecond();
        OptionalDouble seconds = rate == 0 || roomBytes.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, roomBytes.getAsLong()) / (rate * spec.fileBytes()));
        return new PoolStatus(
                spec,
                state,
                ready,
                totals.claims(),
                totals.claimsPerSecond(),
                reason,
                totals.reservedBytes(),
                strangers,
                strangerWords,
                seconds);
    }
}
