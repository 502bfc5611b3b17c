// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.record.Assessment;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.VerdictRules;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Reads a file on the device and makes its content the new baseline of its record, by an operator's word. Nothing is stored here.
 * One thread, which closes it.
 */
public final class Acceptance implements AutoCloseable {
    private final ContentReader content;

    /** {@code stopping}: ends the reading of a file. */
    public Acceptance(Posix posix, BooleanSupplier stopping) {
        this.content = new ContentReader(posix, stopping);
    }

    /**
     * What came of one file.
     *
     * @param record to be stored; empty where the content is not accepted
     * @param reason why not, in a few words; else empty
     */
    public record Result(Optional<FileRecord> record, String reason) {
        static Result refused(String reason) {
            return new Result(Optional.empty(), reason);
        }
    }

    /**
     * @param stored what is recorded of this file; its digests are computed anew
     * @return empty where it was told to stop
     * @throws IOException where the file cannot be read to its end
     */
    public Optional<Result> accept(OpenedFile file, FileRecord stored) throws IOException {
        return content.read(file, digests(stored)).map(seen -> judge(stored, seen));
    }

    private static Result judge(FileRecord stored, ContentReader.Seen seen) {
        if (seen.disputedBlocks() > 0) {
            return Result.refused("the device and the page cache differ in " + seen.disputedBlocks()
                    + (seen.disputedBlocks() == 1 ? " block" : " blocks")
                    + " of 1 MiB: rescue it, or evict it first if the device is right");
        }
        Assessment assessment = VerdictRules.accept(stored, seen.observation());
        return assessment.verdict() == Verdict.UNSETTLED
                ? Result.refused("unsettled: " + assessment.note())
                : new Result(Optional.of(assessment.record()), "");
    }

    /** Those of the record that can be computed here; what cannot is no longer recorded, being of other content. */
    private static Set<DigestAlgorithm> digests(FileRecord stored) {
        var digests = EnumSet.noneOf(DigestAlgorithm.class);
        for (DigestAlgorithm algorithm : DigestAlgorithm.values()) {
            boolean isRecorded = stored.digests().value(algorithm.label()).isPresent();
            if (isRecorded && algorithm.whyMissing().isEmpty()) {
                digests.add(algorithm);
            }
        }
        return digests;
    }

    @Override
    public void close() throws PosixException {
        content.close();
    }
}
