// SPDX-License-Identifier: Apache-2.0
/**
 * {@code millrace verify}: compares files with manifests of checksums.
 *
 * <p>Open {@link io.millrace.cli.verify.VerifyCommand} first; the comparison itself is in {@code io.millrace.verify}.
 * Main thread, apart from the progress bar.
 */
@NullMarked
package io.millrace.cli.verify;

import org.jspecify.annotations.NullMarked;
