// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** What happens when a worker reads its bytes more slowly than the other consumers of the file. */
public enum SlowPolicy {
    /** The other consumers wait for it. */
    BLOCK,
    /** Once it is a second behind the fastest consumer, it is detached, and the outcome of the file says so. */
    DETACH
}
