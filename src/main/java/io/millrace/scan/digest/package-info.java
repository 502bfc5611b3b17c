// SPDX-License-Identifier: Apache-2.0
/**
 * Digests of files by name, by native library or in Java.
 *
 * <p>{@link io.millrace.scan.digest.DigestAlgorithm} names them. A digest belongs to one thread at a time.
 */
@NullMarked
package io.millrace.scan.digest;

import org.jspecify.annotations.NullMarked;
