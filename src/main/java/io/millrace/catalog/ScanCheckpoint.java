// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

/**
 * How far a scan is, so that it can go on after it was cut.
 *
 * @param specification of the scan, in whatever form the scan gave it; a scan goes on only with the same one
 * @param state a word of the scan's: {@code running}, {@code paused}, {@code done}, …
 * @param position where it stands, in whatever form the scan gave it
 * @param digestState of digests within a file; empty between two files
 */
public record ScanCheckpoint(
        String id,
        String specification,
        String state,
        long startedSeconds,
        long updatedSeconds,
        Counters counters,
        byte[] position,
        byte[] digestState) {
    /** What the scan has counted so far. */
    public record Counters(long files, long bytes, long failed) {}
}
