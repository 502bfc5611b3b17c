// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The root digest of a file under fs-verity (Documentation/filesystems/fsverity.rst).
 *
 * @param algorithm FS_VERITY_HASH_ALG_*: 1 is SHA-256, 2 is SHA-512
 * @param digest not to be changed
 */
public record VerityDigest(int algorithm, byte[] digest) {
    // Offsets in struct fsverity_digest (linux/fsverity.h), and the longest digest.
    public static final int ALGORITHM = 0;
    public static final int LENGTH = 2;
    public static final int HEADER_BYTES = 4;
    public static final int MAX_BYTES = 64;
    public static final int SHA256 = 1;
    public static final int SHA512 = 2;

    /** As fsverity(1) prints it: {@code sha256:…}. */
    public String label() {
        String name = algorithm == SHA256 ? "sha256" : algorithm == SHA512 ? "sha512" : "algorithm-" + algorithm;
        return name + ":" + HexFormat.of().formatHex(digest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof VerityDigest that && algorithm == that.algorithm && Arrays.equals(digest, that.digest);
    }

    @Override
    public int hashCode() {
        return 31 * algorithm + Arrays.hashCode(digest);
    }
}
