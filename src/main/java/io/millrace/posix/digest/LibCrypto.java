// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * OpenSSL's libcrypto by its own names: functions that 1.1.1 and 3.x both have (EVP_DigestInit(3),
 * OPENSSL_init_crypto(3)). Pointers are {@code long}, so that a call allocates nothing. {@link #bind} must be called
 * first.
 */
final class LibCrypto {
    /** No atexit(3) handler, which would free data that a thread may still use when the JVM exits: since 1.1.1b. */
    static final long OPENSSL_INIT_NO_ATEXIT = 0x00080000L;

    static final int OPENSSL_VERSION = 0;

    private LibCrypto() {}

    /** Throws {@link UnsatisfiedLinkError} if the library lacks one of these functions. */
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

    /** Functions since 3.0: they fetch a digest from the providers once, instead of in each EVP_DigestInit_ex. */
    static final class Since3 {
        private Since3() {}

        static void bind(NativeLibrary library) {
            Native.register(Since3.class, library);
        }

        static native long EVP_MD_fetch(long context, byte[] name, long properties);
    }
}
