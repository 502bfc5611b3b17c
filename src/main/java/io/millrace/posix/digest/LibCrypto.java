// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * OpenSSL's libcrypto by its own names: what 1.1.1 and 3.x both have (EVP_DigestInit(3), OPENSSL_init_crypto(3)). Pointers are
 * numbers, so that a call allocates nothing. {@link #bind} comes before the first call.
 */
final class LibCrypto {
    /** No atexit(3) handler, which would free what a thread may still use when the JVM ends: since 1.1.1b. */
    static final long OPENSSL_INIT_NO_ATEXIT = 0x00080000L;

    static final int OPENSSL_VERSION = 0;

    private LibCrypto() {}

    /** Throws {@link UnsatisfiedLinkError} where the library lacks one of these functions. */
    static void bind(NativeLibrary library) {
        Native.register(LibCrypto.class, library);
    }

    static native int OPENSSL_init_crypto(long options, long settings);

    static native String OpenSSL_version(int type);

    static native long EVP_get_digestbyname(byte[] name);

    static native long EVP_MD_CTX_new();

    static native void EVP_MD_CTX_free(long context);

    static native int EVP_DigestInit_ex(long context, long type, long engine);

    static native int EVP_DigestUpdate(long context, long data, long count);

    static native int EVP_DigestFinal_ex(long context, long value, long size);

    static native int EVP_Digest(long data, long count, long value, long size, long type, long engine);

    static native void ERR_clear_error();

    /** What came with 3.0: a digest that is looked up among the providers once, and not by each EVP_DigestInit_ex. */
    static final class Since3 {
        private Since3() {}

        static void bind(NativeLibrary library) {
            Native.register(Since3.class, library);
        }

        static native long EVP_MD_fetch(long context, byte[] name, long properties);
    }
}
