// SPDX-License-Identifier: Apache-2.0
/**
 * What holds reads back: rates, pause, pressure by other programs, and files that two scans meet at.
 *
 * <p>{@link io.millrace.scan.throttle.ReadGate} is asked before every read.
 */
@NullMarked
package io.millrace.scan.throttle;

import org.jspecify.annotations.NullMarked;
