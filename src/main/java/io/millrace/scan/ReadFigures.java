// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.scan.job.ScanStatus;

/**
 * What a scan has read, counted as it is read and not when a file is finished; holes of sparse files are not in it,
 * since nothing is read there. Rates are bytes a second over the last five seconds; of a scan that is over, on the
 * whole.
 *
 * @param bytes from the page cache or the device; each byte once, however many consumers there are
 * @param deviceBytes of these, those that were not known to be in the page cache
 * @param bytesPerSecond of {@code bytes}
 * @param deviceBytesPerSecond of {@code deviceBytes}
 * @param passedBytesPerSecond of what every consumer is done with, holes included: by this {@link ScanStatus#bytes} grows
 */
public record ReadFigures(
        long bytes, long deviceBytes, double bytesPerSecond, double deviceBytesPerSecond, double passedBytesPerSecond) {
    public static final ReadFigures NONE = new ReadFigures(0, 0, 0, 0, 0);

    /** As they are once the scan is over. */
    public ReadFigures after(double seconds, long passedBytes) {
        double time = Math.max(seconds, 1e-9);
        return new ReadFigures(bytes, deviceBytes, bytes / time, deviceBytes / time, passedBytes / time);
    }
}
