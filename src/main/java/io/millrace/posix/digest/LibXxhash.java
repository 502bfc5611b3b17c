// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * libxxhash by its own names (xxhash.h, 0.8.0 and newer). Pointers are {@code long}, so that a call allocates nothing.
 * {@link #bind} must be called first.
 */
final class LibXxhash {
    private LibXxhash() {}

    /** Throws {@link UnsatisfiedLinkError} if the library lacks one of these functions. */
    static void bind(NativeLibrary library) {
        Native.register(LibXxhash.class, library);
    }

    static native int XXH_versionNumber();

    static native long XXH3_createState();

    static native int XXH3_freeState(long state);

    static native int XXH3_64bits_reset(long state);

    static native int XXH3_64bits_update(long state, long data, long count);

    static native long XXH3_64bits_digest(long state);

    static native long XXH3_64bits(long data, long count);

    /**
     * The same functions with the widest vectors of the processor (xxh_x86dispatch.h). Only on x86-64, where the
     * functions above are compiled for SSE2, and only if the library was built with them, as Debian's is.
     */
    static final class Dispatch {
        private Dispatch() {}

        /** Throws {@link UnsatisfiedLinkError} if the library lacks one of these functions. */
        static void bind(NativeLibrary library) {
            Native.register(Dispatch.class, library);
        }

        static native int XXH3_64bits_update_dispatch(long state, long data, long count);

        static native long XXH3_64bits_dispatch(long data, long count);
    }
}
