// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * What a pass found out about a file by the catalog. The codes are in databases: never change one.
 *
 * <p>In the order of urgency, the least urgent first: where blocks of a file have several, the last of them is the file's.
 */
public enum Verdict {
    /** Content and times are the recorded ones. */
    OK(0, "ok"),
    /** The catalog did not know it; now it does. */
    NEW(1, "new"),
    /** Content is the recorded one, and so was the file, under another name that is gone. */
    MOVED(2, "moved"),
    /** Dirty, under writeback, or written a moment ago: not compared, or not whole. */
    UNSETTLED(3, "unsettled"),
    /** Unsettled in each of the last passes, three at least. */
    LIVE(4, "live"),
    /** Size or times changed: somebody wrote to it. */
    MODIFIED(5, "modified"),
    /** The catalog knows it, its file system is mounted, and no file has its name. */
    MISSING(6, "missing"),
    /** It is there, and cannot be read to its end. */
    UNREADABLE(7, "unreadable"),
    /** One read gave something else than the recorded content, and a second one the recorded content. */
    TRANSIENT(8, "transient"),
    /** The disk has the recorded content, the page cache something else. */
    MEMORY_SUSPECT(9, "memory suspect"),
    /** The content is another, size and mtime are not. */
    CORRUPT(10, "corrupt"),
    /** The page cache still has the recorded content, the disk does not: it is lost once the pages are evicted. */
    DISK_BAD(11, "disk bad, cached copy good");

    private final int code;
    private final String label;

    Verdict(int code, String label) {
        this.code = code;
        this.label = label;
    }

    public int code() {
        return code;
    }

    /** The words in JSON, text and summaries. */
    public String label() {
        return label;
    }

    /** Whether what is recorded stays as it is until an operator accepts the content that was found. */
    public boolean isSuspect() {
        return this == CORRUPT || this == DISK_BAD || this == MEMORY_SUSPECT;
    }

    /** Whether an operator has to know: a fault of disk, memory or path between them. */
    public boolean isAlarm() {
        return isSuspect() || this == TRANSIENT;
    }

    /** Whether a command that comes by it ends with exit code 1: something is wrong, changed, or not there. */
    public boolean isFailure() {
        return compareTo(MODIFIED) >= 0;
    }

    /** {@link IllegalArgumentException} for a code that is none. */
    public static Verdict ofCode(int code) {
        for (Verdict verdict : values()) {
            if (verdict.code == code) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no verdict has code " + code);
    }

    /** {@link IllegalArgumentException} for words that are none. */
    public static Verdict ofLabel(String label) {
        for (Verdict verdict : values()) {
            if (verdict.label.equals(label)) {
                return verdict;
            }
        }
        throw new IllegalArgumentException("no verdict is called " + label);
    }
}
