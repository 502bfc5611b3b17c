// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.util.Map;

/**
 * What one line of a manifest says.
 *
 * @param name of the file, as bytes, unescaped
 * @param sizeBytes of the file; {@link #NO_SIZE} where the manifest does not have it
 * @param digests one or more, most significant byte first
 */
record ManifestLine(byte[] name, long sizeBytes, Map<DigestAlgorithm, byte[]> digests) {
    static final long NO_SIZE = -1;
}
