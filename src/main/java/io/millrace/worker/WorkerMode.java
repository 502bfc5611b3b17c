// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** How a worker is fed. */
public enum WorkerMode {
    /** A process a file: raw bytes until the end of file, and the exit code is the answer. */
    PER_FILE,
    /** Processes that stay: protocol 1, files one after the other, each with a line of JSON for an answer. */
    PERSISTENT
}
