// SPDX-License-Identifier: Apache-2.0
/**
 * Manifests of checksums (GNU, BSD, hashdeep), and what a scan found compared with them.
 *
 * <p>{@link io.millrace.verify.ManifestReader} parses a manifest into a {@link io.millrace.verify.ManifestIndex}, which lies
 * outside the Java heap; {@link io.millrace.verify.ManifestCheck} tells a scan which digests to compute of each file, and
 * turns each result into a {@link io.millrace.verify.FileVerdict}. Nothing here reads the files themselves: that is a scan's
 * work. Loading belongs to one thread; afterwards any thread may ask the index. Open ManifestCheck first.
 */
@NullMarked
package io.millrace.verify;

import org.jspecify.annotations.NullMarked;
