// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import java.util.Arrays;
import java.util.Optional;

/** Tells the lines of {@code sha256sum -z}, which end in NUL, from text, in which a NUL may be the trace of a crash. */
final class ZeroTerminated {
    private ZeroTerminated() {}

    /** {@code start}: of the manifest. */
    static boolean isLikely(byte[] start) {
        int nul = 0;
        while (nul < start.length && start[nul] != 0) {
            nul++;
        }
        if (nul == start.length || nul == 0 || start[nul - 1] == '\n') {
            return false;
        }
        int line = nul;
        while (line > 0 && start[line - 1] != '\n') {
            line--;
        }
        boolean newlines = line > 0;
        return isSum(start, 0, nul) && !(newlines && isSum(start, line, nul));
    }

    private static boolean isSum(byte[] bytes, int from, int to) {
        try {
            var names = new DigestNames("", "crc32c xxh3", Optional.empty());
            var unused = new SumLineParser(names, true).parse(Arrays.copyOfRange(bytes, from, to));
            return true;
        } catch (MalformedLineException | ManifestException e) {
            return false;
        }
    }
}
