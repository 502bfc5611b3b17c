// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.DigestAlgorithm;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Which digest a line is about: by the name that it bears, or by how many hexadecimal digits it has, together with the name of
 * the manifest or an option where several digests have as many.
 */
final class DigestNames {
    private static final int CRC_DIGITS = 8;
    private static final int XXH_DIGITS = 16;
    private static final int MD5_DIGITS = 32;
    private static final int SHA1_DIGITS = 40;
    private static final int SHA256_DIGITS = 64;
    private static final int SHA512_DIGITS = 128;

    /** Names in manifests' names of digests that are as long as one of Millrace's. */
    private static final Map<Integer, String[]> OTHERS = Map.of(
            CRC_DIGITS, new String[] {"xxh32", "adler", "crc32b"},
            XXH_DIGITS, new String[] {"xxh64", "xxh_64"},
            MD5_DIGITS, new String[] {"xxh128", "xxh_128", "md4", "ripemd128"},
            SHA1_DIGITS, new String[] {"ripemd", "rmd160"},
            SHA256_DIGITS, new String[] {"blake", "b2s", "b3s", "sha3", "sm3", "gost"},
            SHA512_DIGITS, new String[] {"blake", "b2s", "sha3", "whirlpool"});

    private final Optional<DigestAlgorithm> assumed;
    private final String manifest;
    private final String lowerName;

    /**
     * @param manifest as messages name it
     * @param fileName of the manifest, which may tell the digest
     * @param assumed the digest of lines that do not name it, where an option says so
     */
    DigestNames(String manifest, String fileName, Optional<DigestAlgorithm> assumed) {
        this.manifest = manifest;
        this.lowerName = fileName.toLowerCase(Locale.ROOT);
        this.assumed = assumed;
    }

    static int digits(DigestAlgorithm algorithm) {
        return 2 * algorithm.lengthBytes();
    }

    /** By the tag of a BSD line or a column of hashdeep; empty for a digest that Millrace does not compute. */
    static Optional<DigestAlgorithm> named(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "sha2-256" -> Optional.of(DigestAlgorithm.SHA256); // openssl dgst since 3.0
            case "sha2-512" -> Optional.of(DigestAlgorithm.SHA512);
            default ->
                Arrays.stream(DigestAlgorithm.values())
                        .filter(algorithm -> algorithm.words().equals(plain))
                        .findFirst();
        };
    }

    /**
     * By the number of digits.
     *
     * @throws ManifestException where several digests have as many, and nothing tells which it is
     */
    DigestAlgorithm ofDigits(int digits) throws MalformedLineException, ManifestException {
        if (assumed.isPresent()) {
            if (digits(assumed.get()) != digits) {
                throw new MalformedLineException(digits + " hexadecimal digits are not a "
                        + assumed.get().words() + " of " + digits(assumed.get()));
            }
            return assumed.get();
        }
        for (String other : OTHERS.getOrDefault(digits, new String[0])) {
            if (lowerName.contains(other)) {
                throw new ManifestException(manifest + ": holds, by its name, " + other
                        + " checksums, which Millrace does not compute; --digest says what they are if not that");
            }
        }
        return switch (digits) {
            case CRC_DIGITS -> byManifestName(DigestAlgorithm.CRC32C, "crc32c, crc32, xxh32 or another");
            case XXH_DIGITS -> byManifestName(DigestAlgorithm.XXH3, "xxh3, xxh64 or another");
            case MD5_DIGITS -> DigestAlgorithm.MD5;
            case SHA1_DIGITS -> DigestAlgorithm.SHA1;
            case SHA256_DIGITS -> DigestAlgorithm.SHA256;
            case SHA512_DIGITS -> DigestAlgorithm.SHA512;
            default ->
                throw new MalformedLineException(
                        digits == 0
                                ? "is no line of checksums"
                                : "no digest of Millrace has " + digits + " hexadecimal digits");
        };
    }

    private DigestAlgorithm byManifestName(DigestAlgorithm only, String candidates) throws ManifestException {
        if (!lowerName.contains(only.words())) {
            throw new ManifestException(manifest + ": checksums of " + digits(only)
                    + " hexadecimal digits may be " + candidates + "; if they are " + only.words() + ", say --digest "
                    + only.words());
        }
        return only;
    }
}
