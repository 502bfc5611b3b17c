// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.units.ByteSize;
import java.time.Duration;
import java.util.OptionalInt;

/**
 * What was reserved, as the file system tells it after the data reached the device.
 *
 * @param reservedBytes blocks that the file system counts as the file's, in bytes; its length says nothing
 * @param extents runs of blocks that lie apart on the device, in the whole file; empty where FIEMAP is missing
 * @param elapsed from the first call for this file until it was durable; files of one batch wait for each other
 */
public record Reservation(
        long reservedBytes, AllocationMethod method, CopyOnWrite copyOnWrite, OptionalInt extents, Duration elapsed) {
    /** {@code 64.0 MiB reserved, native, 1 extent}, and a warning where it may not hold. */
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
