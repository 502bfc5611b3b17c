// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** How a range of a file is read. */
public enum ReadStrategy {
    /** preadv2(RWF_DONTCACHE) in reads of 4 MiB: the kernel drops the pages that the read itself brought in. */
    DONTCACHE("dontcache"),
    /** Plain reads, and POSIX_FADV_DONTNEED on the runs that were cold, behind the slowest consumer. */
    DROP_BEHIND("drop-behind"),
    /** Plain reads, and nothing dropped. */
    PLAIN("plain");

    private final String words;

    ReadStrategy(String words) {
        this.words = words;
    }

    /** The name in options and JSON. */
    public String words() {
        return words;
    }
}
