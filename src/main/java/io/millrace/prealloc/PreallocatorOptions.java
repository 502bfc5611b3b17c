// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/**
 * Settings of a {@link Preallocator}.
 *
 * @param batchFiles how many files share their syncs, 1 to 4096: as many descriptors are open at once
 */
public record PreallocatorOptions(int batchFiles) {
    /** Measured on ext4: with 128 files or more the cost of journal commits is negligible. */
    public static final PreallocatorOptions DEFAULT = new PreallocatorOptions(128);

    private static final int MAX_FILES = 4096;

    /** Throws an {@link IllegalArgumentException} whose message says what is wrong. */
    public PreallocatorOptions {
        if (batchFiles < 1 || batchFiles > MAX_FILES) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_FILES + " files, not " + batchFiles);
        }
    }
}
