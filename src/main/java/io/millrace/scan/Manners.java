// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.posix.IoPriority;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a scan treats others who use the disk.
 *
 * @param ioPriority as {@link ScanOptions#ioPriority}
 * @param yieldAbove as {@link ScanRequest#yieldAbove}
 */
public record Manners(Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
    /** It takes what it gets. */
    public static final Manners NONE = new Manners(Optional.empty(), OptionalDouble.empty());

    /** The request, with these manners where it says nothing of them. */
    ScanRequest of(ScanRequest request) {
        ScanOptions options = request.options();
        return new ScanRequest(
                request.source(),
                request.paths(),
                request.within(),
                request.filter(),
                request.order(),
                new ScanOptions(
                        options.digests(),
                        options.wish(),
                        options.parallelFiles(),
                        options.readBytes(),
                        options.ioPriority().or(() -> ioPriority)),
                request.workers(),
                request.bytesPerSecond(),
                request.yieldAbove().isPresent() ? request.yieldAbove() : yieldAbove);
    }
}
