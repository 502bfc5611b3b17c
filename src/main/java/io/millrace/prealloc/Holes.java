// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.ByteRange;
import io.millrace.posix.Errno;
import io.millrace.posix.Extent;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The runs of a range in which a file has no blocks, so that exactly those can be given back later.
 *
 * @param runs in order
 * @param isExact false without FIEMAP: what was reserved and not written then counts as a hole too
 */
record Holes(List<ByteRange> runs, boolean isExact) {
    static Holes find(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        Optional<List<Extent>> extents = new Surveyor(posix).extents(file, range);
        return extents.isPresent()
                ? new Holes(between(extents.get(), range), true)
                : new Holes(seek(posix, file, range), false);
    }

    private static List<ByteRange> between(List<Extent> extents, ByteRange range) {
        List<ByteRange> holes = new ArrayList<>();
        long at = range.offsetBytes();
        for (Extent extent : extents) {
            add(holes, at, Math.min(extent.range().offsetBytes(), range.endBytes()));
            at = Math.max(at, extent.range().endBytes());
        }
        add(holes, at, range.endBytes());
        return holes;
    }

    private static List<ByteRange> seek(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        try {
            return walk(posix, file, range);
        } catch (PosixException e) {
            if (e.is(Errno.EINVAL)) { // not seekable for holes either: nothing is known to be there
                return List.of(range);
            }
            throw e;
        }
    }

    private static List<ByteRange> walk(Posix posix, OwnedFd file, ByteRange range) throws PosixException {
        List<ByteRange> holes = new ArrayList<>();
        long at = range.offsetBytes();
        while (at < range.endBytes()) {
            OptionalLong data = posix.files().seekData(file, at);
            long hole = Math.min(data.orElse(range.endBytes()), range.endBytes());
            add(holes, at, hole);
            at = hole == range.endBytes()
                    ? hole
                    : posix.files().seekHole(file, hole).orElse(range.endBytes());
        }
        return holes;
    }

    private static void add(List<ByteRange> holes, long start, long end) {
        if (start < end) {
            holes.add(ByteRange.between(start, end));
        }
    }

    long bytes() {
        return runs.stream().mapToLong(ByteRange::lengthBytes).sum();
    }

    /** Of these holes, what has blocks now and nothing written to them. */
    List<ByteRange> filledSince(Posix posix, OwnedFd file) throws PosixException {
        List<ByteRange> filled = new ArrayList<>();
        for (ByteRange hole : runs) {
            if (!isExact) { // blocks without data are the same as none here
                filled.addAll(seek(posix, file, hole));
                continue;
            }
            for (Extent extent : posix.space().extents(file, hole)) {
                if (extent.isUnwritten()) {
                    add(
                            filled,
                            Math.max(hole.offsetBytes(), extent.range().offsetBytes()),
                            Math.min(hole.endBytes(), extent.range().endBytes()));
                }
            }
        }
        return filled;
    }
}
