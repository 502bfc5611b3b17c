// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.zip.CRC32C;

/** What a pass over a file past the page cache found: a line a block, and the digest of all bytes that it had. */
record Passed(List<Line> lines, String sha256) {
    /** @param cachedSum of what others read, asked of all blocks; empty where the page cache has nothing of it */
    record Line(
            ByteRange range,
            Provenance provenance,
            int sum,
            long residentBytes,
            Optional<Integer> cachedSum,
            Optional<Errno> failure) {}

    static Passed over(Path file) throws IOException {
        return over(Stage.POSIX, file, traits -> traits, 0);
    }

    /** {@code later}: how many seconds from now it is done, by its own clock. */
    static Passed over(Posix posix, Path file, UnaryOperator<MountTraits> change, int later) throws IOException {
        try (var reader = new DeviceReader(posix, 3, () -> (System.currentTimeMillis() + later * 1000L) * 1_000_000L);
                var fd = Stage.open(file)) {
            var status = posix.files().status(fd);
            var traits = change.apply(MountTraits.probe(posix, fd, status));
            try (var pass = reader.begin(fd, status, traits)) {
                return of(pass);
            }
        }
    }

    private static Passed of(DevicePass pass) throws IOException {
        var lines = new ArrayList<Line>();
        var sha256 = Reading.newDigest();
        try (var copy = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES)) {
            for (var block = pass.next(); block != null; block = pass.next()) {
                int sum = 0;
                if (block.provenance().hasBytes()) {
                    sha256.update(block.buffer().slice(block.offsetBytes(), block.lengthBytes()));
                    sum = sum(block.buffer().slice(block.offsetBytes(), block.lengthBytes()));
                }
                boolean cached = pass.readCached(block, copy) > 0;
                Optional<Integer> cachedSum =
                        cached ? Optional.of(sum(copy.first(block.lengthBytes()))) : Optional.empty();
                var failure = Optional.ofNullable(block.failure()).map(e -> e.errno());
                lines.add(new Line(block.range(), block.provenance(), sum, block.residentBytes(), cachedSum, failure));
            }
        }
        return new Passed(lines, HexFormat.of().formatHex(sha256.digest()));
    }

    static int sum(ByteBuffer bytes) {
        var crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    /** The sums of a file's blocks, as any program reads them. */
    static List<Integer> sumsOf(Path file) throws IOException {
        var sums = new ArrayList<Integer>();
        byte[] block = new byte[DeviceReader.BLOCK_BYTES];
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            for (long at = 0; at < in.length(); at += block.length) {
                int length = (int) Math.min(block.length, in.length() - at);
                in.readFully(block, 0, length);
                sums.add(sum(ByteBuffer.wrap(block, 0, length)));
            }
        }
        return sums;
    }

    List<Integer> sums() {
        return lines.stream().map(Line::sum).toList();
    }

    List<Provenance> provenances() {
        return lines.stream().map(Line::provenance).toList();
    }

    List<Provenance> distinct() {
        return provenances().stream().distinct().toList();
    }
}
