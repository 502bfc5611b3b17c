// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Observation;
import io.millrace.posix.libc.ByteRange;
import java.util.List;
import java.util.Optional;

/**
 * What a scan saw of a file that it could open.
 *
 * @param links how many names the file had
 * @param isGiven whether its path was given, and may lead to it through symbolic links; else it was found in a directory
 * @param stored what was recorded of it before it was read
 * @param unreadable blocks that could not be read, in the order of the file, adjacent ones together
 */
public record ObservedFile(
        FileKey key,
        long links,
        boolean isGiven,
        Optional<FileRecord> stored,
        Observation observation,
        BytesByOrigin bytes,
        List<ByteRange> unreadable) {
    public ObservedFile {
        unreadable = List.copyOf(unreadable);
    }

    /** The same file under another name. */
    public ObservedFile byAnotherName(boolean given) {
        return given == isGiven ? this : new ObservedFile(key, links, given, stored, observation, bytes, unreadable);
    }
}
