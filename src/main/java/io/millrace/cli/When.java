// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

/** Whether to draw for a person; {@code AUTO}: if the stream is a terminal. */
enum When {
    AUTO,
    ALWAYS,
    NEVER
}
