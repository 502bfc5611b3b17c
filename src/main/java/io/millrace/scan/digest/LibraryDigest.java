// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.digest.NativeDigest;
import io.millrace.posix.libc.NativeBuffer;

/** A digest that libcrypto or libxxhash computes in place, without copying the bytes to the heap. */
record LibraryDigest(NativeDigest digest) implements Digest {
    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        digest.update(buffer, offsetBytes, lengthBytes);
    }

    @Override
    public byte[] finish() {
        return digest.finish();
    }

    @Override
    public byte[] of(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        return digest.of(buffer, offsetBytes, lengthBytes);
    }

    @Override
    public boolean isFasterThanReading() {
        return digest.isFasterThanReading();
    }

    @Override
    public void close() {
        digest.close();
    }
}
