// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.posix.IoPriority;
import io.millrace.scan.ScanOptions;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Defaults for how much a scan loads the disk.
 *
 * @param parallelFiles like {@link ScanOptions#parallelFiles}, for scans that do not belong to a source
 * @param ioPriority like {@link ScanOptions#ioPriority}
 * @param yieldAbove like {@link ScanRequest#yieldAbove}
 */
public record ScanDefaults(OptionalInt parallelFiles, Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
    /** No defaults: a scan never yields, and keeps the I/O priority of the process. */
    public static final ScanDefaults NONE =
            new ScanDefaults(OptionalInt.empty(), Optional.empty(), OptionalDouble.empty());

    /** Returns the request with these defaults for everything that it does not specify. */
    ScanRequest of(ScanRequest request) {
        ScanOptions options = request.options();
        int parallel = options.parallelFiles();
        return new ScanRequest(
                request.source(),
                request.paths(),
                request.within(),
                request.filter(),
                request.order(),
                new ScanOptions(
                        options.digests(),
                        options.wish(),
                        request.source().isPresent() ? parallel : parallelFiles.orElse(parallel),
                        options.readBytes(),
                        options.ioPriority().or(() -> ioPriority),
                        options.choice()),
                request.workers(),
                request.bytesPerSecond(),
                request.yieldAbove().isPresent() ? request.yieldAbove() : yieldAbove,
                request.recording());
    }
}
