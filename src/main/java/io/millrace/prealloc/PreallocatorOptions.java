// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

/**
 * How a {@link Preallocator} works.
 *
 * @param batchFiles how many files share their way to the device, 1 to 4096: as many descriptors are open at once
 */
public record PreallocatorOptions(int batchFiles) {
    /** Measured on ext4: from here on the journal's commits no longer weigh. */
    public static final PreallocatorOptions DEFAULT = new PreallocatorOptions(128);

    private static final int MAX_FILES = 4096;

    /** Throws {@link IllegalArgumentException} that says what is wrong. */
    public PreallocatorOptions {
        if (batchFiles < 1 || batchFiles > MAX_FILES) {
            throw new IllegalArgumentException("a batch has 1 to " + MAX_FILES + " files, not " + batchFiles);
        }
    }
}
