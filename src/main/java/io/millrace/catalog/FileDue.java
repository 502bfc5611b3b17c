// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;

/**
 * A file under one of its names, as far as a plan of reading needs it.
 *
 * @param id orders files of one date, and means nothing else
 * @param onDeviceSeconds when it was last verified on the device, since 1970; 0 for never
 */
public record FileDue(
        long id,
        BytePath path,
        long sizeBytes,
        long firstSeenSeconds,
        long onDeviceSeconds,
        FileClass type,
        Verdict verdict) {}
