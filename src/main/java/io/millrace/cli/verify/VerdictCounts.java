// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.verify;

import io.millrace.catalog.record.Verdict;
import io.millrace.verify.ManifestCheck;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Counts the files by verdict, and other problems. One thread at a time. */
final class VerdictCounts {
    private final Map<Verdict, Long> files = new EnumMap<>(Verdict.class);
    private long manifestsFailed;
    private long malformedLines;
    private long unlisted;

    void add(Verdict verdict) {
        files.merge(verdict, 1L, Long::sum);
    }

    /** Counts a manifest that could not be read or used. */
    void addFailedManifest() {
        manifestsFailed++;
    }

    /** Counts a path or directory that could not be listed. */
    void addUnlisted() {
        unlisted++;
    }

    void setMalformedLines(long count) {
        malformedLines = count;
    }

    long of(Verdict verdict) {
        return files.getOrDefault(verdict, 0L);
    }

    long manifestsFailed() {
        return manifestsFailed;
    }

    long malformedLines() {
        return malformedLines;
    }

    /** Returns whether the content of at least one file was compared. */
    boolean isAnyVerified() {
        return of(Verdict.OK) + of(Verdict.MODIFIED) > 0;
    }

    /**
     * Returns whether at least one file was compared, all files match the manifests, and everything requested could be
     * read.
     */
    boolean isGood(boolean ignoreMissing, boolean strict) {
        boolean areGood = ManifestCheck.VERDICTS.stream()
                .filter(verdict -> verdict.isFailure() && !(ignoreMissing && verdict == Verdict.MISSING))
                .allMatch(verdict -> of(verdict) == 0);
        return isAnyVerified() && areGood && manifestsFailed == 0 && unlisted == 0 && !(strict && malformedLines > 0);
    }

    /** Returns {@code 98 ok, 1 modified, 1 missing}. */
    String sentence() {
        List<String> parts = new ArrayList<>();
        for (Verdict verdict : ManifestCheck.VERDICTS) {
            if (verdict == Verdict.OK || of(verdict) > 0) {
                parts.add(of(verdict) + " " + verdict.label());
            }
        }
        if (malformedLines > 0) {
            parts.add(malformedLines + (malformedLines == 1 ? " malformed line" : " malformed lines"));
        }
        if (manifestsFailed > 0) {
            parts.add(manifestsFailed + (manifestsFailed == 1 ? " manifest failed" : " manifests failed"));
        }
        return String.join(", ", parts);
    }
}
