// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.FileResult;
import io.millrace.scan.observe.ObservedFile;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A file as the scan read it, and what the catalog makes of that.
 *
 * @param path as the scan has it; of a missing file its name in the catalog
 * @param result null for a missing file, which no scan has read
 * @param verdict empty where there is none: the catalog has failed, the file system is not mounted, or it is no file of one
 * @param findings ranges that are not what was recorded, in the order of the file
 * @param note why, in a few words, where the verdict does not tell; else empty
 * @param places where the findings lie on the device
 * @param verification of the record as it is now; empty where there is none
 * @param isRecorded whether the catalog durably keeps what this scan read as the file's content
 * @param isNotMounted whether the catalog knows the file, and its file system is not there
 */
public record RecordedFile(
        BytePath path,
        @Nullable FileResult result,
        Optional<Verdict> verdict,
        List<Finding> findings,
        String note,
        List<PhysicalRange> places,
        Optional<Verification> verification,
        boolean isRecorded,
        boolean isNotMounted) {
    public RecordedFile {
        findings = List.copyOf(findings);
        places = List.copyOf(places);
    }

    /** A result as it is, without the catalog. */
    static RecordedFile unjudged(FileResult result) {
        return new RecordedFile(
                result.path(), result, Optional.empty(), List.of(), "", List.of(), Optional.empty(), false, false);
    }

    static RecordedFile unread(
            BytePath path, @Nullable FileResult result, Verdict verdict, Optional<Verification> verification) {
        return new RecordedFile(
                path, result, Optional.of(verdict), List.of(), "", List.of(), verification, false, false);
    }

    static RecordedFile notMounted(BytePath path, @Nullable FileResult result) {
        return new RecordedFile(
                path, result, Optional.empty(), List.of(), "", List.of(), Optional.empty(), false, true);
    }

    RecordedFile at(List<PhysicalRange> where) {
        return new RecordedFile(path, result, verdict, findings, note, where, verification, isRecorded, isNotMounted);
    }

    /** What was observed, if the file could be read. */
    public Optional<ObservedFile> observed() {
        return result == null ? Optional.empty() : Optional.ofNullable(result.observed());
    }

    public boolean isFailure() {
        return verdict.isPresent() && verdict.get().isFailure();
    }
}
