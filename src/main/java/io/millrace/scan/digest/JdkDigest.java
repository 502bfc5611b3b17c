// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.digest;

import io.millrace.posix.libc.NativeBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** A digest of the JDK, whose C2 compiler has intrinsics for SHA-1, SHA-2 and MD5. */
final class JdkDigest implements Digest {
    private final MessageDigest digest;
    private final Staging staging = new Staging();

    JdkDigest(String jdkName) {
        try {
            digest = MessageDigest.getInstance(jdkName);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no " + jdkName, e);
        }
    }

    @Override
    public void update(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        staging.pour(buffer.slice(offsetBytes, lengthBytes), (piece, length) -> digest.update(piece, 0, length));
    }

    @Override
    public byte[] finish() {
        return digest.digest();
    }
}
