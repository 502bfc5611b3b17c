// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;

/** Files of random sizes with holes, and what any program that reads them has to see. */
public final class ChaosTree {
    private static final int MAX_BYTES = 3 << 20;

    /** @param saw as chaos-worker.c says it */
    public record Content(String saw, String sha256) {}

    private final Path directory;
    private final Map<String, Content> contents = new HashMap<>();

    public ChaosTree(Path directory, int files, Random random) throws IOException {
        this.directory = directory;
        for (int i = 0; i < files; i++) {
            Path file = directory.resolve("file-" + i);
            write(file, i == 0 ? 0 : size(random), random);
            contents.put(file.toString(), content(Files.readAllBytes(file)));
        }
    }

    /** Half of them are copied whole, the others spliced. */
    private static int size(Random random) {
        return random.nextInt(random.nextBoolean() ? WorkerFeed.SMALL_BYTES : MAX_BYTES);
    }

    private static void write(Path path, int bytes, Random random) throws IOException {
        try (var file = new RandomAccessFile(path.toFile(), "rw")) {
            file.setLength(bytes);
            int at = 0;
            while (at < bytes) {
                byte[] piece = new byte[Math.min(bytes - at, 1 + random.nextInt(400_000))];
                random.nextBytes(piece);
                file.seek(at);
                file.write(piece);
                at += piece.length + (random.nextBoolean() ? 0 : random.nextInt(400_000));
            }
        }
    }

    private static Content content(byte[] bytes) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : bytes) {
            hash = (hash ^ (b & 0xFF)) * 0x100000001b3L;
        }
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return new Content(
                    bytes.length + " " + HexFormat.of().toHexDigits(hash),
                    HexFormat.of().formatHex(digest));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    public Path directory() {
        return directory;
    }

    public int files() {
        return contents.size();
    }

    public Content of(FileResult result) {
        return contents.get(result.path().toString());
    }
}
