// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.units.ByteSize;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What was reserved, as the file system reports it after the data reached the device.
 *
 * @param reservedBytes blocks allocated to the file, in bytes; independent of its length
 * @param extents runs of blocks that are apart on the device, in the whole file; empty without FIEMAP
 * @param elapsed from the first call for this file until it was durable; files of one batch wait for each other
 */
public record Reservation(
        long reservedBytes, AllocationMethod method, CopyOnWrite copyOnWrite, OptionalInt extents, Duration elapsed) {
    /** Returns {@code 64.0 MiB reserved, native, 1 extent}, and a warning if later writes may go elsewhere. */
    public String message() {
        var text = new StringBuilder();
        text.append(ByteSize.format(reservedBytes)).append(" reserved, ").append(method);
        extents.ifPresent(count -> text.append(count == 1 ? ", 1 extent" : ", " + count + " extents"));
        if (copyOnWrite.isExpected()) {
            text.append("; warning: ").append(copyOnWrite.warning());
        }
        return text.toString();
    }

    Reservation after(Duration time) {
        return new Reservation(reservedBytes, method, copyOnWrite, extents, time);
    }
}
