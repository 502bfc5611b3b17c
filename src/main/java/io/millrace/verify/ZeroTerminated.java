// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import java.util.Arrays;
import java.util.Optional;

/**
 * Distinguishes manifests of {@code sha256sum -z}, whose lines end in NUL, from text, in which a NUL may be the result
 * of a crash.
 */
final class ZeroTerminated {
    private ZeroTerminated() {}

    /**
     * {@code start}: first bytes of the manifest. A name may contain newlines, so the bytes after the first NUL decide,
     * if there are any.
     */
    static boolean isLikely(byte[] start) {
        int nul = nul(start, 0);
        if (nul == start.length || !isSum(start, 0, nul)) {
            return false;
        }
        int line = nul;
        while (line > 0 && start[line - 1] != '\n') {
            line--;
        }
        boolean isOneLine = line == 0;
        boolean isLast = nul + 1 == start.length;
        return isOneLine
                || isSum(start, nul + 1, nul(start, nul + 1))
                || isLast && line < nul && !isSum(start, line, nul);
    }

    private static int nul(byte[] bytes, int from) {
        int at = Math.min(from, bytes.length);
        while (at < bytes.length && bytes[at] != 0) {
            at++;
        }
        return at;
    }

    private static boolean isSum(byte[] bytes, int from, int to) {
        if (from >= to) {
            return false;
        }
        try {
            var names = new DigestNames("", "crc32c xxh3", Optional.empty());
            var unused = new SumLineParser(names, true).parse(Arrays.copyOfRange(bytes, from, to));
            return true;
        } catch (MalformedLineException | ManifestException e) {
            return false;
        }
    }
}
