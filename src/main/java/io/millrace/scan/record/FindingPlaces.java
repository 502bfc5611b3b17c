// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.record.Finding;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.observe.ObservedFile;
import java.util.ArrayList;
import java.util.List;

/** Says where findings lie on the device. One thread. */
final class FindingPlaces {
    /** Of one file: somebody looks at them. */
    private static final int MAX_PLACES = 1000;

    private final Posix posix;
    private final NamedFiles files;
    private final CatalogNames names;

    FindingPlaces(Posix posix, NamedFiles files, CatalogNames names) {
        this.posix = posix;
        this.files = files;
        this.names = names;
    }

    /** The file with its places; as it is where it has no findings, or cannot be asked any more. */
    RecordedFile of(RecordedFile file) {
        ObservedFile seen = file.observed().orElse(null);
        if (file.findings().isEmpty() || seen == null) {
            return file;
        }
        try {
            var found = files.open(names.of(file.path(), seen.isGiven()), seen.key());
            if (found.isEmpty()) {
                return file;
            }
            List<PhysicalRange> places = new ArrayList<>();
            try (var fd = found.get().fd()) {
                for (Finding finding : file.findings()) {
                    if (places.size() < MAX_PLACES) {
                        places.addAll(PhysicalRange.of(posix, fd, found.get().status(), finding.range()));
                    }
                }
            }
            return file.at(places);
        } catch (PosixException e) {
            return file; // the findings count, wherever they lie
        }
    }
}
