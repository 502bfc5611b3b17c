// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.digest.DigestLibraries;
import io.millrace.posix.digest.DigestLibrary;
import io.millrace.units.EnumLabels;
import java.util.Optional;
import java.util.Set;

/** The supported digest algorithms. */
public enum DigestAlgorithm {
    CRC32C(Integer.BYTES, "CRC32C", "", ""),
    XXH3(Long.BYTES, "XXH3", "XXH3", ""),
    SHA256(32, "SHA256", "SHA256", "SHA-256"),
    SHA512(64, "SHA512", "SHA512", "SHA-512"),
    SHA1(20, "SHA1", "SHA1", "SHA-1"),
    MD5(16, "MD5", "MD5", "MD5"),
    BLAKE2B_512(64, "BLAKE2b", "BLAKE2b512", ""),
    SHA3_256(32, "SHA3-256", "SHA3-256", "SHA3-256"),
    SHA512_256(32, "SHA512-256", "SHA512-256", "SHA-512/256");

    private final int lengthBytes;
    private final String bsdName;
    private final String libraryName;
    private final String jdkName;

    DigestAlgorithm(int lengthBytes, String bsdName, String libraryName, String jdkName) {
        this.lengthBytes = lengthBytes;
        this.bsdName = bsdName;
        this.libraryName = libraryName;
        this.jdkName = jdkName;
    }

    /** Returns the name used in options and JSON. */
    public String label() {
        return EnumLabels.of(this);
    }

    /** Returns the length of the value in bytes; the hexadecimal form is twice as long. */
    public int lengthBytes() {
        return lengthBytes;
    }

    /** Returns the tag of the BSD format, which {@code sha256sum --check} and {@code xxhsum --check} accept. */
    public String bsdName() {
        return bsdName;
    }

    /**
     * Returns the implementation used in this process: the library that the dynamic linker found, or {@code java}, or
     * {@code hash4j}; {@code none} if there is no implementation.
     */
    public String implementation() {
        return implementation(DigestLibraries.ofSystem());
    }

    String implementation(DigestLibraries libraries) {
        return offering(libraries).map(DigestLibrary::name).orElseGet(this::fallback);
    }

    private String fallback() {
        return switch (this) {
            case XXH3 -> "hash4j";
            case BLAKE2B_512 -> "none";
            default -> "java";
        };
    }

    /** Returns the version that the library reports; empty if no library computes this digest. */
    public Optional<String> libraryVersion() {
        return offering(DigestLibraries.ofSystem()).map(DigestLibrary::version);
    }

    /**
     * Returns the library that may implement this algorithm. It is empty for CRC32C, which the JVM computes in place
     * with an intrinsic.
     */
    private Optional<DigestLibrary> library(DigestLibraries libraries) {
        return switch (this) {
            case CRC32C -> Optional.empty();
            case XXH3 -> Optional.of(libraries.xxhash());
            default -> Optional.of(libraries.crypto());
        };
    }

    private Optional<DigestLibrary> offering(DigestLibraries libraries) {
        return library(libraries).filter(library -> library.offers(libraryName));
    }

    /** Returns in one line why the digest cannot be computed here; empty if it can. */
    public Optional<String> whyMissing() {
        return whyMissing(DigestLibraries.ofSystem());
    }

    Optional<String> whyMissing(DigestLibraries libraries) {
        if (this != BLAKE2B_512) {
            return Optional.empty(); // Java or hash4j implements it
        }
        return library(libraries)
                .filter(library -> !library.offers(libraryName))
                .map(library -> label() + " needs OpenSSL's libcrypto: " + library.whyNot(libraryName));
    }

    /** Throws an {@link IllegalArgumentException} for the first of these algorithms that cannot be computed here. */
    public static void checkAvailable(Set<DigestAlgorithm> algorithms, DigestLibraries libraries) {
        for (DigestAlgorithm algorithm : algorithms) {
            Optional<String> why = algorithm.whyMissing(libraries);
            if (why.isPresent()) {
                throw new IllegalArgumentException(why.get());
            }
        }
    }

    /** Starts a computation, which the caller closes. */
    public Digest start() {
        return start(DigestLibraries.ofSystem());
    }

    public Digest start(DigestLibraries libraries) {
        Optional<Digest> byLibrary = library(libraries)
                .flatMap(library -> library.start(libraryName))
                .map(LibraryDigest::new);
        return byLibrary.orElseGet(this::startWithout);
    }

    private Digest startWithout() {
        return switch (this) {
            case CRC32C -> new Crc32cDigest();
            case XXH3 -> new Xxh3Digest();
            default -> new JdkDigest(jdkName);
        };
    }
}
