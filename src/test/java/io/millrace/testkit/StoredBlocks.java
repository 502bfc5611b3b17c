// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the blocks of files lie in the image below a mount, found by their content, and how to damage them there: the file
 * system notices nothing, and what it has in the page cache stays as it was. Of files of random bytes, written out before.
 */
public final class StoredBlocks {
    /** Small file systems of ext4 have blocks of 1 KiB. */
    private static final int BLOCK_BYTES = 1024;

    private static final int PIECE_BYTES = 4 << 20;

    private static final int ZEROS = Arrays.hashCode(new byte[BLOCK_BYTES]);

    private final Path image;
    private final Map<Integer, List<Long>> byContent = new HashMap<>();

    /** Reads the whole image. */
    public StoredBlocks(LoopMount mount) throws IOException {
        image = mount.image();
        try (var in = FileChannel.open(image, StandardOpenOption.READ)) {
            var piece = ByteBuffer.allocate(PIECE_BYTES);
            for (long at = 0; at < in.size(); at += PIECE_BYTES) {
                piece.clear();
                while (piece.hasRemaining() && in.read(piece, at + piece.position()) > 0) {
                    continue;
                }
                for (int block = 0; block + BLOCK_BYTES <= piece.position(); block += BLOCK_BYTES) {
                    int key = key(piece.array(), block);
                    if (key != ZEROS) {
                        byContent
                                .computeIfAbsent(key, unused -> new ArrayList<>())
                                .add(at + block);
                    }
                }
            }
        }
    }

    private static int key(byte[] bytes, int start) {
        int key = 1;
        for (int i = start; i < start + BLOCK_BYTES; i++) {
            key = 31 * key + bytes[i];
        }
        return key;
    }

    /** Turns a bit around in every copy of the block that holds this byte of the file, which is in the page cache. */
    public void flip(Path file, long offset, int bit) throws IOException {
        try (var disk = new RandomAccessFile(image.toFile(), "rw")) {
            for (long block : find(file, offset)) {
                disk.seek(block + offset % BLOCK_BYTES);
                int old = disk.read();
                disk.seek(block + offset % BLOCK_BYTES);
                disk.write(old ^ 1 << bit);
            }
        }
    }

    /** Where in the image the block lies that holds this byte of the file, once for each copy. */
    public List<Long> find(Path file, long offset) throws IOException {
        byte[] block = new byte[BLOCK_BYTES];
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(offset / BLOCK_BYTES * BLOCK_BYTES);
            for (int done = 0, count; done < BLOCK_BYTES && (count = in.read(block, done, BLOCK_BYTES - done)) > 0; ) {
                done += count;
            }
        }
        var places = byContent.getOrDefault(key(block, 0), List.of());
        if (places.isEmpty()) {
            throw new IOException("no block of " + image + " holds byte " + offset + " of " + file);
        }
        return places;
    }
}
