// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import java.util.Optional;

/** A system library that computes digests, or the reason why it is missing. Any thread. */
public interface DigestLibrary {
    /**
     * The name by which the dynamic linker found it: {@code libcrypto.so.3}; for a missing one, the name that was
     * tried first.
     */
    String name();

    /** The version string of the library: {@code OpenSSL 3.0.22 25 Aug 2026}; empty if it is missing. */
    String version();

    /** Returns why {@link #start} is empty, in one line. */
    String whyNot(String digest);

    /** Whether {@link #start} is not empty for this name. */
    boolean offers(String digest);

    /**
     * Creates a digest, which the caller closes; empty if the library is missing or refuses it (OpenSSL in FIPS mode
     * refuses MD5).
     *
     * @param digest the library's name for it: {@code SHA256}
     */
    Optional<NativeDigest> start(String digest);

    /** Returns a placeholder for a missing library. */
    static DigestLibrary missing(String name, String why) {
        return new DigestLibrary() {
            @Override
            public String name() {
                return name;
            }

            @Override
            public String version() {
                return "";
            }

            @Override
            public String whyNot(String digest) {
                return why;
            }

            @Override
            public boolean offers(String digest) {
                return false;
            }

            @Override
            public Optional<NativeDigest> start(String digest) {
                return Optional.empty();
            }
        };
    }
}
