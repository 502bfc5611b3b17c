// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

/** Whether to draw a progress bar; {@code AUTO}: if the stream is a terminal. */
public enum ShowMode {
    AUTO,
    ALWAYS,
    NEVER
}
