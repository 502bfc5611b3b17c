// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** What happens when a worker takes its bytes more slowly than the other consumers of the file. */
public enum SlowPolicy {
    /** They wait for it. */
    BLOCK,
    /** Once it is a second behind the fastest of them, it is let go, and the file's outcome says so. */
    DETACH
}
