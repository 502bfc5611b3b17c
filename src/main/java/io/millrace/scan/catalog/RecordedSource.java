// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.posix.libc.BytePath;
import io.millrace.scan.walk.FileFilter;
import java.util.List;

/**
 * A source that uses the catalog.
 *
 * @param bytesPerSecond its rate limit; {@link io.millrace.scan.throttle.RateLimiter#UNLIMITED} for none
 */
public record RecordedSource(
        String name, List<BytePath> paths, FileFilter filter, Recording recording, long bytesPerSecond) {
    public RecordedSource {
        paths = List.copyOf(paths);
    }
}
