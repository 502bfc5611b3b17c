// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.posix.IoPriority;
import io.millrace.scan.ScanOptions;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * How a scan treats others who use the disk.
 *
 * @param parallelFiles as {@link ScanOptions#parallelFiles}, of scans that no source speaks for
 * @param ioPriority as {@link ScanOptions#ioPriority}
 * @param yieldAbove as {@link ScanRequest#yieldAbove}
 */
public record ScanDefaults(OptionalInt parallelFiles, Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
    /** It takes what it gets. */
    public static final ScanDefaults NONE =
            new ScanDefaults(OptionalInt.empty(), Optional.empty(), OptionalDouble.empty());

    /** The request, with these manners where it says nothing of them. */
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
                request.yieldAbove().isPresent() ? request.yieldAbove() : yieldAbove);
    }
}
