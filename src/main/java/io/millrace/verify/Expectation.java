// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.util.Map;

/**
 * What one line of a manifest expects of a file.
 *
 * @param manifest index of the manifest, in the order in which manifests were given
 * @param line line number, from 1
 * @param sizeBytes size of the file; {@link ManifestLine#NO_SIZE} if the line has none
 */
record Expectation(int manifest, int line, long sizeBytes, Map<DigestAlgorithm, byte[]> digests) {
    boolean hasSize() {
        return sizeBytes != ManifestLine.NO_SIZE;
    }
}
