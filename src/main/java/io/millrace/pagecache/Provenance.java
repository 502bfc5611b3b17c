// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

/** Where the bytes of a block of a file came from, as far as the kernel tells; what lies below the block layer it does not. */
public enum Provenance {
    /** The block device gave them: the block layer counted the read, or nothing of the block was in the page cache. */
    DEVICE("device"),
    /** The file has no data there: zeros, by the file system's map of the file. */
    HOLE("hole"),
    /** The page cache gave some of them at least, and they could not be read past it. */
    CACHE("cache"),
    /** The kernel does not tell: a server's file, or one whose residency it keeps from this process. */
    UNKNOWN("unknown"),
    /** Nowhere: not read, as the block is dirty or being written, or became so during the read. To be tried again later. */
    UNSETTLED("unsettled"),
    /** Nowhere: the device, or the file system's own checksum, failed the read. */
    UNREADABLE("unreadable");

    private final String label;

    Provenance(String label) {
        this.label = label;
    }

    /** The word in JSON and messages. */
    public String label() {
        return label;
    }

    /** Whether there are bytes to be looked at. */
    public boolean hasBytes() {
        return this != UNSETTLED && this != UNREADABLE;
    }
}
