// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import java.util.Optional;

/** A library of the system that computes digests, or the reason why there is none. Any thread. */
public interface DigestLibrary {
    /** The name by which the dynamic linker found it: {@code libcrypto.so.3}; of a missing one, the name that was tried first. */
    String name();

    /** What the library says of itself: {@code OpenSSL 3.0.22 25 Aug 2026}; empty where it is missing. */
    String version();

    /** Why {@link #start} is empty, in one line. */
    String whyNot(String digest);

    /** Whether {@link #start} is not empty for this name. */
    boolean offers(String digest);

    /**
     * A new digest; empty where the library is missing or refuses it (OpenSSL in FIPS mode refuses MD5).
     *
     * @param digest as the library calls it: {@code SHA256}
     */
    Optional<NativeDigest> start(String digest);

    /** One that is missing. */
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
