// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** What reading a file may do to the page cache. */
public enum CachePolicy {
    /** Leave the page cache as it was: hot pages stay, the others are dropped. */
    NEUTRAL,
    /** Drop all pages of the file. */
    DROP,
    /** Read like any other program: pages stay while there is room. */
    KEEP
}
