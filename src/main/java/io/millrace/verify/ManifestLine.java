// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.util.Map;

/**
 * The content of one manifest line.
 *
 * @param name name of the file, as unescaped bytes
 * @param sizeBytes size of the file; {@link #NO_SIZE} if the manifest does not contain it
 * @param digests one or more, most significant byte first
 */
record ManifestLine(byte[] name, long sizeBytes, Map<DigestAlgorithm, byte[]> digests) {
    static final long NO_SIZE = -1;
}
