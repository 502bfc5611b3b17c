// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.util.Map;

/**
 * What one line of a manifest says of a file.
 *
 * @param manifest its number in the order in which manifests were given
 * @param line its number, from 1
 * @param sizeBytes {@link ManifestLine#NO_SIZE} where it has none
 */
record Expectation(int manifest, int line, long sizeBytes, Map<DigestAlgorithm, byte[]> digests) {
    boolean hasSize() {
        return sizeBytes != ManifestLine.NO_SIZE;
    }
}
