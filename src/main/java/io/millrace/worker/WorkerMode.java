// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

/** How a worker receives files. */
public enum WorkerMode {
    /** One process per file: it reads the raw bytes until end of file, and its exit code is the answer. */
    PER_FILE,
    /** Long-lived processes that speak protocol 1: one file after the other, each answered by a line of JSON. */
    PERSISTENT
}
