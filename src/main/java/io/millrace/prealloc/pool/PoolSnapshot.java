// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * The state of a keeper as other threads see it. Immutable.
 *
 * @param claims the number of claims when {@code ready} was counted
 * @param space of the file system; empty if it is unknown
 */
record PoolSnapshot(
        PoolState state,
        int ready,
        Optional<String> reason,
        long strangers,
        List<String> strangerWords,
        long claims,
        long reservedBytes,
        Optional<Space> space) {

    /** @param reserveBytes part of the free bytes that filling must leave */
    record Space(long freeBytes, long reserveBytes) {
        /** Bytes that may be allocated without crossing the reserve; negative if it is crossed already. */
        long roomBytes() {
            return freeBytes - reserveBytes;
        }
    }

    /** The snapshot before the first directory scan. */
    static PoolSnapshot before(PoolTotals totals) {
        return new PoolSnapshot(
                PoolState.FILLING,
                0,
                Optional.empty(),
                0,
                List.of(),
                totals.claims(),
                totals.reservedBytes(),
                Optional.empty());
    }

    /** Returns this snapshot with the state FAILED and the reason. */
    PoolSnapshot failed(String why) {
        return new PoolSnapshot(
                PoolState.FAILED,
                ready,
                Optional.of(why),
                strangers,
                strangerWords,
                claims,
                reservedBytes,
                Optional.empty());
    }

    private OptionalLong bytes(ToLongFunction<Space> which) {
        return space.map(known -> OptionalLong.of(which.applyAsLong(known))).orElse(OptionalLong.empty());
    }

    PoolStatus status(PoolSpec spec, PoolTotals totals) {
        double rate = totals.steadyClaimsPerSecond();
        OptionalDouble seconds = rate == 0 || space.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(Math.max(0, space.get().roomBytes()) / (rate * spec.fileBytes()));
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
                bytes(Space::freeBytes),
                bytes(Space::reserveBytes),
                seconds);
    }
}
