// SPDX-License-Identifier: Apache-2.0
/**
 * Digests by libcrypto and libxxhash, computed directly from native buffers; the libraries are loaded at first use if
 * they are installed.
 *
 * <p>Open {@link io.millrace.posix.digest.DigestLibraries} first. A digest is used by one thread at a time and closed
 * by its owner.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix.digest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
