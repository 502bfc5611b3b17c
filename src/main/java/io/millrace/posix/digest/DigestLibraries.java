// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.Library;
import com.sun.jna.NativeLibrary;
import java.util.List;
import java.util.Map;

/**
 * The system libraries that compute digests. Each is loaded at its first use, by the rules of dlopen(3), and kept for
 * the life of the process. Any thread.
 */
public abstract class DigestLibraries {
    private static final DigestLibraries SYSTEM = new DigestLibraries() {
        @Override
        public DigestLibrary crypto() {
            return Crypto.FOUND;
        }

        @Override
        public DigestLibrary xxhash() {
            return Xxhash.FOUND;
        }
    };

    /** OpenSSL's libcrypto. */
    public abstract DigestLibrary crypto();

    public abstract DigestLibrary xxhash();

    public static DigestLibraries ofSystem() {
        return SYSTEM;
    }

    /** Creates one from two libraries that were already loaded or are missing. */
    public static DigestLibraries of(DigestLibrary crypto, DigestLibrary xxhash) {
        return new DigestLibraries() {
            @Override
            public DigestLibrary crypto() {
                return crypto;
            }

            @Override
            public DigestLibrary xxhash() {
                return xxhash;
            }
        };
    }

    private interface Binding {
        /** Throws {@link UnsatisfiedLinkError} if a function is missing. */
        DigestLibrary bind(String name, NativeLibrary library);
    }

    private static final class Crypto {
        static final DigestLibrary FOUND = find(List.of("libcrypto.so.3", "libcrypto.so.1.1"), OpenSsl::bind);
    }

    private static final class Xxhash {
        static final DigestLibrary FOUND = find(List.of("libxxhash.so.0"), Xxh3::bind);
    }

    /** Returns the first of these that the dynamic linker finds and that has all functions. */
    private static DigestLibrary find(List<String> names, Binding binding) {
        String why = "";
        for (String name : names) {
            try {
                // RTLD_LAZY (1) without RTLD_GLOBAL: its symbols stay local.
                var library = NativeLibrary.getInstance(name, Map.of(Library.OPTION_OPEN_FLAGS, 1));
                return binding.bind(name, library);
            } catch (UnsatisfiedLinkError e) {
                String first =
                        String.valueOf(e.getMessage()).lines().findFirst().orElse("");
                why = why.isEmpty() ? first : why + "; " + first;
            }
        }
        return DigestLibrary.missing(names.get(0), why);
    }
}
