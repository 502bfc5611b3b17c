// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.posix.libc.BytePath;
import java.util.Optional;

/**
 * Figures of the files of one file system.
 *
 * @param below the lowest directory that all its names are below, wherever it was mounted; empty where it has none
 * @param onDevice as in {@link CatalogStats}, and so are the times
 */
public record FileSystemStats(
        FileSystemId id,
        Optional<BytePath> below,
        Amount files,
        Amount onDevice,
        long oldestOnDeviceSeconds,
        long newestOnDeviceSeconds) {}
