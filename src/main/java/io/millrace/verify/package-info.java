// SPDX-License-Identifier: Apache-2.0
/**
 * Verifies files against checksum manifests (GNU, BSD, hashdeep).
 *
 * <p>{@link io.millrace.verify.ManifestReader} parses a manifest into a {@link io.millrace.verify.ManifestIndex}
 * outside the Java heap. {@link io.millrace.verify.ManifestCheck}, the class to read first, tells a scan which digests
 * to compute for each file, and turns each result into a {@link io.millrace.verify.FileVerdict}. This package does not
 * read the files themselves; a scan does. One thread loads the manifests; afterwards any thread may query the index.
 */
@NullMarked
package io.millrace.verify;

import org.jspecify.annotations.NullMarked;
