// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.Verdict;
import java.util.List;
import java.util.Map;

/**
 * Figures of the whole catalog.
 *
 * @param files whatever their names
 * @param names more than files where there are hard links
 * @param filesByVerdict only those that occur
 * @param onDevice files whose content was verified on the device at least once
 * @param oldestOnDeviceSeconds when the longest ago of these was; 0 where there is none
 * @param newestOnDeviceSeconds when the latest of these was; 0 where there is none
 * @param byFileSystem those that have files, in the order in which the catalog came to know them
 * @param scans of which there is a checkpoint
 * @param databaseBytes of the database file, without its write-ahead log
 */
public record CatalogStats(
        Amount files,
        long names,
        long directories,
        Map<Verdict, Amount> filesByVerdict,
        Amount live,
        Amount onDevice,
        long oldestOnDeviceSeconds,
        long newestOnDeviceSeconds,
        List<FileSystemStats> byFileSystem,
        long scans,
        long databaseBytes) {}
