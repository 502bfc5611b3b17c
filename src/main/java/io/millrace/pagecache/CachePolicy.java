// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** What reading a file may do to the page cache. */
public enum CachePolicy {
    /** Afterwards it holds what it held before: hot pages stay, the others go again. */
    NEUTRAL,
    /** Afterwards it holds nothing of the file. */
    DROP,
    /** As for any other program: what was read stays while there is room. */
    KEEP
}
