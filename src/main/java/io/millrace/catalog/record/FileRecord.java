// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * What the catalog knows of a file, whatever its names.
 *
 * @param state when {@code blocks} and {@code digests} were taken
 * @param digests of the whole file; none where not all of it was settled
 * @param blocks of as many bytes as {@code state} says
 */
public record FileRecord(
        FileKey key,
        FileState state,
        DigestValues digests,
        BlockSums blocks,
        Verification verification,
        Standing standing) {
    public FileRecord {
        if (blocks.sizeBytes() != state.sizeBytes()) {
            throw new IllegalArgumentException(
                    "sums of " + blocks.sizeBytes() + " bytes for a file of " + state.sizeBytes());
        }
    }

    public Verdict verdict() {
        return standing.verdict();
    }

    /** Whether there is anything to compare content with. */
    public boolean hasBaseline() {
        return blocks.isAnyKnown() || !digests.isEmpty();
    }

    /** With another verdict and all else as it is. */
    public FileRecord with(Verdict verdict) {
        return with(standing.with(verdict));
    }

    FileRecord with(Standing other) {
        return new FileRecord(key, state, digests, blocks, verification, other);
    }
}
