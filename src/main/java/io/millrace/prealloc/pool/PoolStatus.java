// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A pool at one moment.
 *
 * @param ready files that may be claimed
 * @param claims files that were taken since the service started, by whomever
 * @param claimsPerSecond in the last few seconds
 * @param reason why it is starved or has failed, one line; empty otherwise
 * @param reservedBytes that were reserved for it since the service started
 * @param strangers how many entries of the directory are none of the pool's
 * @param strangerWords the first few of them, each with why, one line each
 * @param freeBytes of the file system, as the service may take them; empty where nobody can know
 * @param reserveBytes of them, those that filling leaves alone; empty where free space is not known
 * @param secondsOfSpace after which the file system's free space above the reserve ends if this pool goes on as it did
 *     the last dozen times that files were taken, and nothing else takes any; empty where that was
 *     less than three times within the last minutes, or free space cannot be known
 */
public record PoolStatus(
        PoolSpec spec,
        PoolState state,
        int ready,
        long claims,
        double claimsPerSecond,
        Optional<String> reason,
        long reservedBytes,
        long strangers,
        List<String> strangerWords,
        OptionalLong freeBytes,
        OptionalLong reserveBytes,
        OptionalDouble secondsOfSpace) {}
