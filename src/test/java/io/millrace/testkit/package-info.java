// SPDX-License-Identifier: Apache-2.0
/**
 * What several tests need of the machine: real file systems and real child processes. Each thing is closed by whoever
 * made it, and skips the test with a reason where this machine cannot have it.
 */
@NullMarked
package io.millrace.testkit;

import org.jspecify.annotations.NullMarked;
