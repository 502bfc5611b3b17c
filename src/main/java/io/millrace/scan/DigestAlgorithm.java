// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.util.Locale;

/** The digests on offer. */
public enum DigestAlgorithm {
    CRC32C("CRC32C", ""),
    XXH3("XXH3", ""),
    SHA256("SHA256", "SHA-256"),
    SHA512("SHA512", "SHA-512"),
    SHA1("SHA1", "SHA-1"),
    MD5("MD5", "MD5");

    private final String bsdName;
    private final String jdkName;

    DigestAlgorithm(String bsdName, String jdkName) {
        this.bsdName = bsdName;
        this.jdkName = jdkName;
    }

    /** The name in options and JSON. */
    public String words() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The tag of the BSD format, which {@code sha256sum --check} and {@code xxhsum --check} know. */
    public String bsdName() {
        return bsdName;
    }

    /** A computation over no bytes yet. */
    Digest start() {
        return switch (this) {
            case CRC32C -> new Crc32cDigest();
            case XXH3 -> new Xxh3Digest();
            case SHA256, SHA512, SHA1, MD5 -> new JdkDigest(jdkName);
        };
    }
}
