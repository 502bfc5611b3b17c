// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import java.time.Duration;

/**
 * The promise of a source: every settled file is verified on the device at least so often.
 *
 * @param within a day at least
 * @param window when files are read for it; a file that is being read when it ends is read to its end
 */
public record CoverageSpec(Duration within, DailyWindow window) {}
