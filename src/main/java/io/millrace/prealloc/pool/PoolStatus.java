// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The status of a pool at one moment.
 *
 * @param ready files that may be claimed
 * @param claims files that were claimed since the service started, by any process
 * @param claimsPerSecond in the last few seconds
 * @param reason why it is starved or has failed, one line; empty otherwise
 * @param reservedBytes bytes reserved for it since the service started
 * @param strangers number of entries of the directory that do not belong to the pool
 * @param strangerWords the first few of them with the reason, one line each
 * @param freeBytes of the file system, as available to the service; empty if unknown
 * @param reserveBytes part of the free bytes that filling must leave; empty if free space is unknown
 * @param secondsOfSpace time until the free space above the reserve is exhausted at the rate of the last dozen moments
 *     at which files were claimed, if nothing else allocates; empty if there were fewer than three within the last
 *     minutes, or free space is unknown
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
