// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.posix.BytePath;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Roots;
import io.millrace.prealloc.AllocateOption;
import io.millrace.prealloc.AllocationRequest;
import io.millrace.prealloc.Preallocator;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.Verdict;
import java.io.IOException;
import java.util.function.Supplier;

/** Reserves new files for requests, in directories that the roots have opened; touches none that exists. */
record FilesControl(Preallocator preallocator, Supplier<Roots> roots, Supplier<Reserve> reserve)
        implements Controls.OfFiles {
    @Override
    public Verdict allocate(BytePath path, long sizeBytes) throws IOException {
        var request =
                AllocationRequest.of(0, sizeBytes, AllocateOption.NEW_ONLY).withReserve(reserve.get());
        try (OwnedFd directory = roots.get().openParent(path)) {
            return preallocator.allocate(directory, path, request);
        }
    }
}
