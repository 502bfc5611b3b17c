// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How much of one file is in the page cache.
 *
 * @param residentBytes empty if the kernel does not report it to this process
 * @param slices the file in equal parts of at least a page; empty if not requested or not reported
 */
public record FileResidency(long sizeBytes, OptionalLong residentBytes, List<Slice> slices) {
    /**
     * A part of the file.
     *
     * @param isHole whether the file has no data there
     */
    public record Slice(ByteRange range, long residentBytes, boolean isHole) {}

    /** Measures a whole file, and up to {@code mostSlices} parts of it. */
    public static FileResidency look(Posix posix, MountTraits traits, OwnedFd file, FileStatus status, int mostSlices)
            throws PosixException {
        long size = status.sizeBytes();
        var residency = new Residency(posix, traits);
        if (!residency.isKnown(file)) {
            return new FileResidency(size, OptionalLong.empty(), List.of());
        }
        long resident = residency.residentBytes(file, new ByteRange(0, size));
        var holes = new SparseMap(posix, file, status);
        int pageBytes = posix.pages().pageBytes();
        long pages = size / pageBytes + (size % pageBytes == 0 ? 0 : 1);
        int count = (int) Math.min(mostSlices, pages);
        var slices = new ArrayList<Slice>(count);
        long start = 0;
        for (int i = 0; i < count; i++) {
            long end = i == count - 1 ? size : partOf(pages, i + 1, count) * pageBytes;
            var range = ByteRange.between(start, end);
            var segment = holes.at(start);
            boolean isHole = segment.isHole() && segment.range().endBytes() >= end;
            slices.add(new Slice(range, residency.residentBytes(file, range), isHole));
            start = end;
        }
        return new FileResidency(size, OptionalLong.of(resident), List.copyOf(slices));
    }

    /** Returns {@code whole * part / parts}, without overflow. */
    private static long partOf(long whole, int part, int parts) {
        return whole / parts * part + whole % parts * part / parts;
    }
}
