// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.record.FileKey;
import io.millrace.posix.FileStatus;
import io.millrace.scan.digest.DigestAlgorithm;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Files with several names that a scan has read, so that their other names need no read. Keeps the last ones. Any thread. */
public final class LinkedFiles {
    private static final int MAX_FILES = 50_000;

    /**
     * A file that was read by one of its names.
     *
     * @param digests as the scan reported them
     */
    public record Read(ObservedFile observed, long bytes, Map<DigestAlgorithm, byte[]> digests) {}

    @GuardedBy("this") private final Map<FileKey, Read> files = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileKey, Read> eldest) {
            return size() > MAX_FILES;
        }
    };

    /** What was read of the file that is open as {@code subject}, unless it was written since. */
    public Optional<Read> find(Subject subject) {
        FileStatus now = subject.file().status();
        return now.links() < 2 ? Optional.empty() : find(subject.key()).filter(read -> isSame(read, now));
    }

    private synchronized Optional<Read> find(FileKey key) {
        return Optional.ofNullable(files.get(key));
    }

    private static boolean isSame(Read read, FileStatus now) {
        var then = read.observed().observation().state();
        return then.sizeBytes() == now.sizeBytes()
                && then.modifiedNanos() == now.modifiedNanos()
                && then.changedNanos() == now.changedNanos();
    }

    /** Keeps a file that was read without an error; does nothing for one with a single name. */
    public void add(Read read) {
        if (read.observed().links() > 1) {
            put(read);
        }
    }

    private synchronized void put(Read read) {
        files.put(read.observed().key(), read);
    }
}
