// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

/**
 * Bytes that a scan has read, counted as they are read and not when a file is finished. Holes of sparse files are not
 * included because they are not read. Rates are averages over the last five seconds, or over the whole scan once it has
 * ended.
 *
 * @param bytes from the page cache or the device; each byte counts once, however many consumers there are
 * @param deviceBytes the part of {@code bytes} that was not known to be in the page cache
 * @param bytesPerSecond rate of {@code bytes}
 * @param deviceBytesPerSecond rate of {@code deviceBytes}
 * @param passedBytesPerSecond rate at which all consumers have processed bytes, holes included;
 *     {@code ScanStatus.bytes} grows at this rate
 */
public record ReadFigures(
        long bytes, long deviceBytes, double bytesPerSecond, double deviceBytesPerSecond, double passedBytesPerSecond) {
    public static final ReadFigures NONE = new ReadFigures(0, 0, 0, 0, 0);

    /** Returns the figures of an ended scan. */
    public ReadFigures after(double seconds, long passedBytes) {
        double time = Math.max(seconds, 1e-9);
        return new ReadFigures(bytes, deviceBytes, bytes / time, deviceBytes / time, passedBytes / time);
    }
}
