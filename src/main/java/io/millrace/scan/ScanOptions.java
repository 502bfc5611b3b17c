// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.IoPriority;
import io.millrace.posix.digest.DigestLibraries;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.digest.DigestChoice;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/**
 * What one scan does with every file.
 *
 * @param digests which to compute; none only reads
 * @param wish what the reading may do to the page cache
 * @param parallelFiles files under way at a time, 1 and more
 * @param readBytes what one read of stored bytes asks for, 64 KiB to 64 MiB
 * @param ioPriority the class and level of the reading threads, unless they keep the process's
 * @param choice which of {@code digests} to compute of each file
 * @param maxSmallFiles small files under way at a time while the device is what they wait for, {@code parallelFiles} and more;
 *     see {@link FilesInFlight}
 */
public record ScanOptions(
        Set<DigestAlgorithm> digests,
        ReadPlan.Wish wish,
        int parallelFiles,
        int readBytes,
        Optional<IoPriority> ioPriority,
        DigestChoice choice,
        int maxSmallFiles) {
    public static final int DEFAULT_READ_BYTES = 4 << 20;
    public static final int MIN_READ_BYTES = 64 << 10;
    public static final int MAX_READ_BYTES = 64 << 20;
    public static final int MAX_PARALLEL_FILES = 256;

    /** For {@link #maxSmallFiles} where nobody says how many files to read at a time. */
    public static final int MAX_SMALL_FILES = 32;

    /** All digests of every file. */
    public ScanOptions(
            Set<DigestAlgorithm> digests,
            ReadPlan.Wish wish,
            int parallelFiles,
            int readBytes,
            Optional<IoPriority> ioPriority) {
        this(digests, wish, parallelFiles, readBytes, ioPriority, DigestChoice.ALL);
    }

    /** No more small files at a time than {@code parallelFiles}. */
    public ScanOptions(
            Set<DigestAlgorithm> digests,
            ReadPlan.Wish wish,
            int parallelFiles,
            int readBytes,
            Optional<IoPriority> ioPriority,
            DigestChoice choice) {
        this(digests, wish, parallelFiles, readBytes, ioPriority, choice, parallelFiles);
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

    /** The same with other digests, and a choice of them for each file. */
    public ScanOptions choosing(Set<DigestAlgorithm> all, DigestChoice digestChoice) {
        return new ScanOptions(all, wish, parallelFiles, readBytes, ioPriority, digestChoice, maxSmallFiles);
    }

    /** The same with {@link #maxSmallFiles}. */
    public ScanOptions readingSmallFiles(int most) {
        return new ScanOptions(digests, wish, parallelFiles, readBytes, ioPriority, choice, most);
    }
}
