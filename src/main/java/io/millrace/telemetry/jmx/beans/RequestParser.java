// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import io.millrace.files.OutsideRootsException;
import io.millrace.files.Roots;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.units.ByteRate;
import io.millrace.units.EnumLabels;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Parses the arguments of requests. Every method throws an {@link IllegalArgumentException} whose message says what is
 * wrong.
 */
final class RequestParser {
    private RequestParser() {}

    static ScanRequest scan(
            Roots roots, String[] paths, String[] digests, String[] workers, String cachePolicy, String rate) {
        if (paths.length == 0) {
            throw new IllegalArgumentException("a scan needs a path");
        }
        var options = new ScanOptions(
                digests(digests),
                ReadPlan.Wish.of(one(CachePolicy.class, cachePolicy)),
                Runtime.getRuntime().availableProcessors(),
                ScanOptions.DEFAULT_READ_BYTES,
                Optional.empty());
        return new ScanRequest(
                Optional.empty(),
                Arrays.stream(paths).map(RequestParser::path).toList(),
                Optional.of(roots),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of(workers),
                rate(rate).bytesPerSecond(),
                OptionalDouble.empty());
    }

    /**
     * Refuses paths outside the roots at once, rather than file by file during the scan. The scan reports all other
     * errors of a path, and checks again where each path leads, because that may change.
     */
    static void refuseOutside(Roots roots, List<BytePath> paths) throws OutsideRootsException {
        for (BytePath path : paths) {
            try {
                roots.open(path, Set.of(OpenFlag.PATH)).close();
            } catch (PosixException e) {
                continue;
            }
        }
    }

    private static Set<DigestAlgorithm> digests(String[] names) {
        var all = EnumSet.noneOf(DigestAlgorithm.class);
        for (String name : names) {
            all.add(one(DigestAlgorithm.class, name));
        }
        return all;
    }

    private static <E extends Enum<E>> E one(Class<E> type, String word) {
        var all = EnumSet.allOf(type);
        return EnumLabels.find(all, word.strip().toLowerCase(Locale.ROOT))
                .orElseThrow(() -> EnumLabels.unknown(EnumLabels.of(all), word));
    }

    static BytePath path(String text) {
        if (!text.startsWith("/")) {
            throw new IllegalArgumentException("'" + text + "' is not an absolute path");
        }
        return BytePath.of(text);
    }

    /** Parses a rate; a console may send an empty text for no limit. */
    static ByteRate rate(String text) {
        return text.isBlank() ? new ByteRate(ByteRate.UNLIMITED) : ByteRate.parse(text);
    }

    /** Splits a comma-separated list. */
    static String[] describe(String list) {
        return Arrays.stream(list.split(","))
                .map(String::strip)
                .filter(word -> !word.isEmpty())
                .toArray(String[]::new);
    }
}
