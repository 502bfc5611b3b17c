// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.WalkSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A scan that somebody wants.
 *
 * @param source the configured source it is a run of; empty for one that was asked for from outside
 * @param paths files, and directories with all that is below them
 * @param within trees that the paths may not leave; empty where they are the operator's own words
 * @param workers names of configured ones
 * @param bytesPerSecond {@link RateLimiter#UNLIMITED}, or 1 and more
 * @param yieldAbove the share of time, 0 to 1, for which others may wait for I/O before this scan makes way; empty: never
 */
public record ScanRequest(
        Optional<String> source,
        List<BytePath> paths,
        Optional<Roots> within,
        FileFilter filter,
        FileOrder order,
        ScanOptions options,
        List<String> workers,
        long bytesPerSecond,
        OptionalDouble yieldAbove) {
    /** Where it goes, once. */
    WalkSpec walk() {
        return new WalkSpec(paths.iterator(), within, filter, order);
    }
}
