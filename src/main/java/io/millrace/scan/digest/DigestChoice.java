// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.BytePath;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/** Decides, once a file is open, which of a scan's digests are computed of it. Called by the scan's threads, several at a time. */
@FunctionalInterface
public interface DigestChoice {
    /** One set for all files. */
    Set<DigestAlgorithm> EVERY = Collections.unmodifiableSet(EnumSet.allOf(DigestAlgorithm.class));

    /** Every digest of the scan, of every file. */
    DigestChoice ALL = (path, sizeBytes) -> EVERY;

    /**
     * The digests to compute; those that the scan does not have are left out.
     *
     * @param path as the walk found it
     * @param sizeBytes of the open file
     * @return none: the file is not read, and its result has 0 bytes and no digest, unless the scan has no digests at all
     *     or workers
     */
    Set<DigestAlgorithm> of(BytePath path, long sizeBytes);
}
