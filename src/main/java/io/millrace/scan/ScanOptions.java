// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.IoPriority;
import io.millrace.posix.digest.DigestLibraries;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.digest.DigestChoice;
import io.millrace.scan.observe.Observing;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * Options that apply to every file of one scan.
 *
 * @param digests algorithms to compute; if empty, files are only read
 * @param wish what reading may do to the page cache
 * @param parallelFiles maximum number of files that are read at a time, at least 1
 * @param readBytes size of one read of stored bytes, 64 KiB to 64 MiB
 * @param ioPriority I/O scheduling class and level of the reading threads; if empty, they keep that of the process
 * @param choice which of {@code digests} to compute for each file
 * @param maxSmallFiles maximum number of small files that are read at a time while the device is the bottleneck, at
 *     least {@code parallelFiles}; see {@link FilesInFlight}
 * @param observing what the scan is to observe of each file beside its digests; for this one scan
 */
public record ScanOptions(
        Set<DigestAlgorithm> digests,
        ReadPlan.Wish wish,
        int parallelFiles,
        int readBytes,
        Optional<IoPriority> ioPriority,
        DigestChoice choice,
        int maxSmallFiles,
        Optional<Observing> observing) {
    public static final int DEFAULT_READ_BYTES = 4 << 20;
    public static final int MIN_READ_BYTES = 64 << 10;
    public static final int MAX_READ_BYTES = 64 << 20;
    public static final int MAX_PARALLEL_FILES = 256;

    /** Default of {@link #maxSmallFiles} if the number of parallel files is not configured. */
    public static final int MAX_SMALL_FILES = 32;

    /** Creates options that compute all digests of every file. */
    public ScanOptions(
            Set<DigestAlgorithm> digests,
            ReadPlan.Wish wish,
            int parallelFiles,
            int readBytes,
            Optional<IoPriority> ioPriority) {
        this(digests, wish, parallelFiles, readBytes, ioPriority, DigestChoice.ALL);
    }

    /** Creates options whose {@code maxSmallFiles} is {@code parallelFiles}. */
    public ScanOptions(
            Set<DigestAlgorithm> digests,
            ReadPlan.Wish wish,
            int parallelFiles,
            int readBytes,
            Optional<IoPriority> ioPriority,
            DigestChoice choice) {
        this(digests, wish, parallelFiles, readBytes, ioPriority, choice, parallelFiles, Optional.empty());
    }

    public ScanOptions {
        digests = digests.isEmpty() ? Set.of() : EnumSet.copyOf(digests);
        DigestAlgorithm.checkAvailable(digests, DigestLibraries.ofSystem());
        if (parallelFiles < 1 || parallelFiles > MAX_PARALLEL_FILES) {
            throw new IllegalArgumentException(
                    parallelFiles + " files at a time is not within 1 to " + MAX_PARALLEL_FILES);
        }
        if (readBytes < MIN_READ_BYTES || readBytes > MAX_READ_BYTES) {
            throw new IllegalArgumentException("a read of " + readBytes + " bytes is not within 64 KiB to 64 MiB");
        }
    }

    /** Returns a copy with other digests and a choice of them for each file. */
    public ScanOptions choosing(Set<DigestAlgorithm> all, DigestChoice digestChoice) {
        return new ScanOptions(all, wish, parallelFiles, readBytes, ioPriority, digestChoice, maxSmallFiles, observing);
    }

    /** Returns a copy with another {@link #maxSmallFiles}. */
    public ScanOptions readingSmallFiles(int most) {
        return new ScanOptions(digests, wish, parallelFiles, readBytes, ioPriority, choice, most, observing);
    }

    /** Returns a copy for a scan that observes. */
    public ScanOptions observing(Observing what) {
        return new ScanOptions(
                digests, wish, parallelFiles, readBytes, ioPriority, choice, maxSmallFiles, Optional.of(what));
    }
}
