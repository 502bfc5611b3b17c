// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.BytePath;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * Decides, once a file is open, which of a scan's digests are computed for it. The scan's threads call it concurrently.
 */
@FunctionalInterface
public interface DigestChoice {
    /** The set of all algorithms. All callers share this instance. */
    Set<DigestAlgorithm> EVERY = Collections.unmodifiableSet(EnumSet.allOf(DigestAlgorithm.class));

    /** Chooses every digest of the scan for every file. */
    DigestChoice ALL = (path, sizeBytes) -> EVERY;

    /**
     * Returns the digests to compute; algorithms that are not among the scan's digests are ignored.
     *
     * @param path path as the walk found it
     * @param sizeBytes size of the open file
     * @return an empty set if the file is not to be read; its result then has 0 bytes and no digest, unless the scan
     *     has no digests at all or has workers
     */
    Set<DigestAlgorithm> of(BytePath path, long sizeBytes);
}
