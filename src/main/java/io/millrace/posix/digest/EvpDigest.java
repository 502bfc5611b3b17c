// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.digest;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.millrace.posix.libc.NativeBuffer;
import java.nio.ByteBuffer;

/**
 * A digest of libcrypto: one EVP_MD_CTX, reused for every message (EVP_DigestInit(3)). One thread at a time; its
 * creator closes it.
 */
final class EvpDigest implements NativeDigest {
    /** EVP_MAX_MD_SIZE. */
    static final int MAX_VALUE_BYTES = 64;

    private final String digest;
    private final long type;
    private final int valueBytes;
    private final Memory value = new Memory(MAX_VALUE_BYTES + Integer.BYTES);
    private final long valueAddress = Pointer.nativeValue(value);

    /** A view for reading: each access through {@link Memory} would be a native call of its own. */
    private final ByteBuffer valueView = value.getByteBuffer(0, MAX_VALUE_BYTES);

    private long context;

    /** Throws {@link IllegalStateException} if libcrypto refuses it. */
    EvpDigest(String digest, long type) {
        this.digest = digest;
        this.type = type;
        context = LibCrypto.EVP_MD_CTX_new();
        if (context == 0) {
            throw new OutOfMemoryError("EVP_MD_CTX_new");
        }
        try {
            check("EVP_DigestInit_ex", LibCrypto.EVP_DigestInit_ex(context, type, 0));
            long length = valueAddress + MAX_VALUE_BYTES;
            check("EVP_DigestFinal_ex", LibCrypto.EVP_DigestFinal_ex(context, valueAddress, length));
            valueBytes = value.getInt(MAX_VALUE_BYTES);
            restart();
        } catch (IllegalStateException e) {
            close();
            throw e;
        }
    }

    /** Reinitializes the context with its present type, which avoids a look-up and a reference count. */
    private void restart() {
        check("EVP_DigestInit_ex", LibCrypto.EVP_DigestInit_ex(context, 0, 0));
    }

    private void check(String function, int result) {
        if (result != 1) {
            LibCrypto.ERR_clear_error();
            throw new IllegalStateException(function + " of " + digest + " failed in libcrypto");
        }
    }

    private void checkOpen() {
        if (context == 0) {
            throw new IllegalStateException("the digest is closed");
        }
    }

    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        checkOpen();
        long data = buffer.addressAt(offsetBytes, lengthBytes);
        check("EVP_DigestUpdate", LibCrypto.EVP_DigestUpdate(context, data, lengthBytes));
    }

    @Override
    public byte[] finish() {
        checkOpen();
        check("EVP_DigestFinal_ex", LibCrypto.EVP_DigestFinal_ex(context, valueAddress, 0));
        restart();
        return value();
    }

    @Override
    public byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        checkOpen();
        long data = buffer.addressAt(offsetBytes, lengthBytes);
        check("EVP_Digest", LibCrypto.EVP_Digest(data, lengthBytes, valueAddress, 0, type, 0));
        return value();
    }

    private byte[] value() {
        var bytes = new byte[valueBytes];
        valueView.get(0, bytes);
        return bytes;
    }

    @Override
    public void close() {
        if (context != 0) {
            LibCrypto.EVP_MD_CTX_free(context);
            context = 0;
            value.close();
        }
    }
}
