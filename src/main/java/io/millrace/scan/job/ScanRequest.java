// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.catalog.Recording;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.WalkSpec;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A request to run a scan.
 *
 * @param source the configured source whose run this is; empty for a scan that was requested through an interface
 * @param paths files, and directories with everything below them
 * @param within trees that the paths may not leave; empty if the operator has configured the paths
 * @param workers names of configured workers
 * @param bytesPerSecond {@link RateLimiter#UNLIMITED}, or at least 1
 * @param yieldAbove the scan yields if other tasks wait for I/O for more than this fraction of time, 0 to 1; if empty,
 *     it never yields
 * @param recording what it has to do with the catalog
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
        OptionalDouble yieldAbove,
        Recording recording) {
    /** Creates a request that has nothing to do with the catalog. */
    public ScanRequest(
            Optional<String> source,
            List<BytePath> paths,
            Optional<Roots> within,
            FileFilter filter,
            FileOrder order,
            ScanOptions options,
            List<String> workers,
            long bytesPerSecond,
            OptionalDouble yieldAbove) {
        this(source, paths, within, filter, order, options, workers, bytesPerSecond, yieldAbove, Recording.NONE);
    }

    /** Returns a copy that uses the catalog. */
    public ScanRequest recording(Recording how) {
        return new ScanRequest(source, paths, within, filter, order, options, workers, bytesPerSecond, yieldAbove, how);
    }

    /** Returns the specification of the walk, which can be used once. */
    WalkSpec walk() {
        return new WalkSpec(paths.iterator(), within, filter, order);
    }
}
