// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;

/**
 * What a keeper lets others see; never changes once it is shown.
 *
 * @param claims as they were counted when so many files were ready
 * @param space of the file system; empty where nobody can know
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

    /** @param reserveBytes of the free ones, those that filling leaves alone */
    record Space(long freeBytes, long reserveBytes) {
        /** Bytes that may be taken without crossing the reserve; below zero where it is crossed already. */
        long roomBytes() {
            return freeBytes - reserveBytes;
        }
    }

    /** Before the first look. */
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

    /** The same where nothing can be done for now. */
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
