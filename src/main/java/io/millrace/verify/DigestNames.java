// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Determines the digest of a manifest line: by the name in the line, or by the number of hexadecimal digits. If several
 * digests have that number, the file name of the manifest or an option decides. Belongs to one thread.
 */
final class DigestNames {
    private static final int CRC_DIGITS = 8;
    private static final int XXH_DIGITS = 16;
    private static final int MD5_DIGITS = 32;
    private static final int SHA1_DIGITS = 40;
    private static final int SHA256_DIGITS = 64;
    private static final int SHA512_DIGITS = 128;

    /**
     * A part of a manifest's file name and the digest that it indicates; empty for a digest that Millrace does not
     * compute.
     */
    private record Name(String part, Optional<DigestAlgorithm> digest) {
        static Name other(String part) {
            return new Name(part, Optional.empty());
        }

        static Name of(String part, DigestAlgorithm digest) {
            return new Name(part, Optional.of(digest));
        }
    }

    /**
     * By number of digits, if several digests share it; the first entry that the manifest's file name contains decides.
     */
    private static final Map<Integer, List<Name>> NAMES = Map.of(
            CRC_DIGITS, List.of(Name.other("xxh32"), Name.other("adler"), Name.other("crc32b")),
            XXH_DIGITS, List.of(Name.other("xxh64"), Name.other("xxh_64")),
            MD5_DIGITS,
                    List.of(Name.other("xxh128"), Name.other("xxh_128"), Name.other("md4"), Name.other("ripemd128")),
            SHA1_DIGITS, List.of(Name.other("ripemd"), Name.other("rmd160")),
            SHA256_DIGITS,
                    List.of(
                            Name.of("sha3", DigestAlgorithm.SHA3_256),
                            Name.of("sha512-256", DigestAlgorithm.SHA512_256),
                            Name.of("sha512_256", DigestAlgorithm.SHA512_256),
                            Name.of("sha512t256", DigestAlgorithm.SHA512_256),
                            Name.other("blake"),
                            Name.other("b2s"),
                            Name.other("b3s"),
                            Name.other("shake"),
                            Name.other("sm3"),
                            Name.other("gost")),
            SHA512_DIGITS,
                    List.of(
                            Name.other("blake2bp"),
                            Name.of("blake2b", DigestAlgorithm.BLAKE2B_512),
                            Name.of("b2sum", DigestAlgorithm.BLAKE2B_512),
                            Name.other("blake"),
                            Name.other("b2s"),
                            Name.other("b3s"),
                            Name.other("sha3"),
                            Name.other("shake"),
                            Name.other("whirlpool")));

    private final Optional<DigestAlgorithm> assumed;
    private final String manifest;
    private final String lowerName;

    /**
     * @param manifest name of the manifest in messages
     * @param fileName file name of the manifest, which may indicate the digest
     * @param assumed digest of lines that do not name it, if an option sets it
     */
    DigestNames(String manifest, String fileName, Optional<DigestAlgorithm> assumed) {
        this.manifest = manifest;
        this.lowerName = fileName.toLowerCase(Locale.ROOT);
        this.assumed = assumed;
    }

    static int digits(DigestAlgorithm algorithm) {
        return 2 * algorithm.lengthBytes();
    }

    /**
     * Returns the digest for the tag of a BSD line or the title of a hashdeep column; empty for a digest that Millrace
     * does not compute.
     */
    static Optional<DigestAlgorithm> named(String name) {
        String plain = name.toLowerCase(Locale.ROOT);
        return switch (plain) {
            case "sha2-256" -> Optional.of(DigestAlgorithm.SHA256); // openssl dgst since 3.0
            case "sha2-512" -> Optional.of(DigestAlgorithm.SHA512);
            case "sha2-512/256", "sha512/256", "sha512t256" -> Optional.of(DigestAlgorithm.SHA512_256);
            case "blake2b", "blake2b512" -> Optional.of(DigestAlgorithm.BLAKE2B_512); // b2sum --tag, openssl dgst
            default ->
                Arrays.stream(DigestAlgorithm.values())
                        .filter(algorithm -> algorithm.label().equals(plain))
                        .findFirst();
        };
    }

    /**
     * Returns the digest for a number of hexadecimal digits.
     *
     * @throws ManifestException if several digests have that number and nothing indicates which one it is
     */
    DigestAlgorithm ofDigits(int digits) throws MalformedLineException, ManifestException {
        if (assumed.isPresent()) {
            if (digits(assumed.get()) != digits) {
                throw new MalformedLineException(digits + " hexadecimal digits are not a "
                        + assumed.get().label() + " of " + digits(assumed.get()));
            }
            return available(assumed.get());
        }
        for (Name name : NAMES.getOrDefault(digits, List.of())) {
            if (lowerName.contains(name.part())) {
                return available(name.digest()
                        .orElseThrow(() -> new ManifestException(manifest + ": holds, by its name, " + name.part()
                                + " checksums, which Millrace does not compute; --digest says what they are if not"
                                + " that")));
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
                                ? "is not a checksum line"
                                : "no digest of Millrace has " + digits + " hexadecimal digits");
        };
    }

    private DigestAlgorithm available(DigestAlgorithm algorithm) throws ManifestException {
        Optional<String> why = algorithm.whyMissing();
        if (why.isPresent()) {
            throw new ManifestException(manifest + ": " + why.get());
        }
        return algorithm;
    }

    private DigestAlgorithm byManifestName(DigestAlgorithm only, String candidates) throws ManifestException {
        if (!lowerName.contains(only.label())) {
            throw new ManifestException(manifest + ": checksums of " + digits(only)
                    + " hexadecimal digits may be " + candidates + "; if they are " + only.label() + ", say --digest "
                    + only.label());
        }
        return only;
    }
}
