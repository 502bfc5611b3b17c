// SPDX-License-Identifier: Apache-2.0
/**
 * Digest algorithms and their implementations, in a native library or in Java.
 *
 * <p>Read {@link io.millrace.scan.digest.DigestAlgorithm} first. Only one thread uses a digest at a time.
 */
@NullMarked
package io.millrace.scan.digest;

import org.jspecify.annotations.NullMarked;
