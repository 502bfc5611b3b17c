// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.record.Verdict;
import io.millrace.posix.libc.BytePath;

/**
 * A file that is not what was recorded, though nobody wrote to it.
 *
 * @param path its name in the catalog
 * @param isAcknowledged whether an operator has taken note of it; the record stays as it is
 */
public record Alarm(BytePath path, Verdict verdict, boolean isAcknowledged) {
    /** What an operator does about such a file. */
    public String advice() {
        return advice(path, verdict);
    }

    /** Likewise; empty for a verdict that is no alarm. */
    public static String advice(BytePath path, Verdict verdict) {
        return switch (verdict) {
            case DISK_BAD ->
                "run 'millrace catalog rescue " + path + "' now: the good copy is lost once its pages are evicted";
            case CORRUPT ->
                "restore it from a backup, or run 'millrace catalog accept " + path + "' if the content is right";
            case MEMORY_SUSPECT -> "the disk is good; have its pages evicted, and test the memory of this machine";
            case TRANSIENT -> "a second read was good; check disk, cables, controller and memory";
            default -> "";
        };
    }
}
