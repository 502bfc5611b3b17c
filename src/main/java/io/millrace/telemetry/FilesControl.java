// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.files.Roots;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.prealloc.AllocateOption;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.Reservation;
import io.millrace.prealloc.Reserve;
import java.io.IOException;
import java.util.function.Supplier;

/** Reserves new files for requests, below the configured roots only; never changes an existing file. */
record FilesControl(Preallocator preallocator, Supplier<Roots> roots, Supplier<Reserve> reserve)
        implements Controls.OfFiles {
    @Override
    public Reservation allocate(BytePath path, long sizeBytes) throws IOException {
        var request =
                AllocationRequest.of(0, sizeBytes, AllocateOption.NEW_ONLY).withReserve(reserve.get());
        try (OwnedFd directory = roots.get().openParent(path)) {
            return preallocator.allocate(directory, path, request);
        }
    }
}
