// SPDX-License-Identifier: Apache-2.0
/**
 * Digests by libcrypto and libxxhash, straight from native buffers; bound at first use where the libraries are installed.
 *
 * <p>Open {@link io.millrace.posix.digest.DigestLibraries} first. A digest belongs to one thread and is closed by its owner.
 */
@NullMarked
@CheckReturnValue
package io.millrace.posix.digest;

import com.google.errorprone.annotations.CheckReturnValue;
import org.jspecify.annotations.NullMarked;
