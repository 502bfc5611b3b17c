// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.pagecache.Provenance;

/**
 * Bytes of files by where they came from.
 *
 * @param device read from the device; holes, of which the file system's map says that they are zeros, count here
 * @param cache read from the page cache
 * @param unknown the kernel does not tell which of both
 * @param unsettled not read or not taken, being dirty or under writeback
 * @param unreadable not to be had
 */
public record BytesByOrigin(long device, long cache, long unknown, long unsettled, long unreadable) {
    public static final BytesByOrigin NONE = new BytesByOrigin(0, 0, 0, 0, 0);

    public BytesByOrigin plus(BytesByOrigin more) {
        return new BytesByOrigin(
                device + more.device,
                cache + more.cache,
                unknown + more.unknown,
                unsettled + more.unsettled,
                unreadable + more.unreadable);
    }

    BytesByOrigin plus(Provenance from, long bytes) {
        return plus(
                switch (from) {
                    case DEVICE, HOLE -> new BytesByOrigin(bytes, 0, 0, 0, 0);
                    case CACHE -> new BytesByOrigin(0, bytes, 0, 0, 0);
                    case UNKNOWN -> new BytesByOrigin(0, 0, bytes, 0, 0);
                    case UNSETTLED -> new BytesByOrigin(0, 0, 0, bytes, 0);
                    case UNREADABLE -> new BytesByOrigin(0, 0, 0, 0, bytes);
                });
    }
}
