// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.files.RecordReader;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads one manifest, a file or standard input. Lines end in LF or CRLF, optionally after a byte order
 * mark, or in NUL as {@code sha256sum -z} writes them. Belongs to one thread.
 */
final class ManifestReader {
    private static final byte[] UTF8_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    /** Maximum number of problems of a kind that are reported individually. */
    private static final int MAX_MESSAGES = 10;

    private final Posix posix;
    private final Lines lines;
    private final ManifestListener listener;
    private final List<String> manifests;
    private final CancellationToken stop;
    private String manifest = "";
    private long good;
    private long malformed;
    private long contradictions;

    /** Takes the lines of checksums, in order. */
    interface Lines {
        /** Returns what lines before this one expect of the same file, if that is known. */
        List<Expectation> add(int manifest, int number, ManifestLine line);
    }

    /** {@code manifests}: names of the manifests in messages, by index; the new one is added. */
    ManifestReader(
            Posix posix, Lines lines, List<String> manifests, ManifestListener listener, CancellationToken stop) {
        this.posix = posix;
        this.lines = lines;
        this.manifests = manifests;
        this.listener = listener;
        this.stop = stop;
    }

    /**
     * Reads the whole manifest; call it once.
     *
     * @param path {@code -} stands for standard input
     * @return the status of the manifest itself
     * @throws ManifestException if it contains no usable line, or it is unclear which digest it contains; lines that
     *     were read before stay in the index
     * @throws IOException if it cannot be read
     */
    FileStatus read(BytePath path, Optional<DigestAlgorithm> assumed) throws IOException {
        try (var reader = RecordReader.open(posix, path, stop::isRequested)) {
            read(reader, path, assumed);
            return posix.files().status(reader.fd());
        }
    }

    /** Likewise, through a reader that the caller has opened, and closes. */
    void read(RecordReader reader, BytePath path, Optional<DigestAlgorithm> assumed) throws IOException {
        boolean standard = path.equals(RecordReader.STANDARD_INPUT);
        manifest = standard ? "standard input" : path.display();
        manifests.add(manifest);
        var names = new DigestNames(manifest, standard ? "" : path.fileName().toUtf8(), assumed);
        lines(reader, names);
        sayHowManyMore();
        if (good == 0 && !stop.isRequested()) {
            throw new ManifestException(manifest + ": holds no line of checksums that can be used");
        }
    }

    private void lines(RecordReader reader, DigestNames names) throws IOException {
        byte[] start = reader.peek();
        if (Arrays.equals(start, 0, Math.min(start.length, UTF8_MARK.length), UTF8_MARK, 0, UTF8_MARK.length)) {
            reader.skip(UTF8_MARK.length);
            start = Arrays.copyOfRange(start, UTF8_MARK.length, start.length);
        }
        if (start.length > 1 && (start[0] == -1 && start[1] == -2 || start[0] == -2 && start[1] == -1)) {
            throw new ManifestException(
                    manifest + ": is UTF-16, as PowerShell writes; convert it: iconv -f UTF-16 -t UTF-8");
        }
        boolean zeros = ZeroTerminated.isLikely(start);
        if (zeros) {
            reader.endRecordsAt('\0');
        }
        var sums = new SumLineParser(names, !zeros);
        var deep = HashdeepParser.isHeader(start) ? new HashdeepParser(manifest) : null;
        int number = 0;
        for (byte[] record = reader.next(); record != null; record = reader.next()) {
            number++;
            byte[] line = zeros || deep != null ? record : withoutReturn(record);
            try {
                if (line.length > RecordReader.MAX_RECORD_BYTES) {
                    throw new MalformedLineException("is longer than 1 MiB");
                } else if (deep != null) {
                    deep.parse(line, number, this::add);
                } else if (line.length > 0 && line[0] != '#') {
                    add(sums.parse(line), number);
                }
            } catch (MalformedLineException e) {
                reportMalformed(number, e.why());
            }
        }
        if (deep != null) {
            try {
                deep.end(this::add);
            } catch (MalformedLineException e) {
                reportMalformed(number, e.why());
            }
        }
    }

    private static byte[] withoutReturn(byte[] line) {
        int length = line.length;
        return length > 0 && line[length - 1] == '\r' ? Arrays.copyOf(line, length - 1) : line;
    }

    private void add(ManifestLine line, int number) {
        good++;
        for (Expectation other : lines.add(manifests.size() - 1, number, line)) {
            contradiction(line, other).ifPresent(what -> reportContradiction(line, number, other, what));
        }
    }

    private static Optional<String> contradiction(ManifestLine line, Expectation other) {
        if (line.sizeBytes() != ManifestLine.NO_SIZE && other.hasSize() && line.sizeBytes() != other.sizeBytes()) {
            return Optional.of(Difference.SIZE);
        }
        return line.digests().entrySet().stream()
                .filter(digest -> differs(digest, other.digests().get(digest.getKey())))
                .map(digest -> digest.getKey().label())
                .findFirst();
    }

    private static boolean differs(Map.Entry<DigestAlgorithm, byte[]> digest, byte @Nullable [] other) {
        return other != null && !Arrays.equals(digest.getValue(), other);
    }

    private void reportMalformed(int number, String why) {
        malformed++;
        if (malformed <= MAX_MESSAGES) {
            listener.onProblem(manifest + ":" + number + ": " + why);
        }
    }

    private void reportContradiction(ManifestLine line, int number, Expectation other, String what) {
        contradictions++;
        if (contradictions <= MAX_MESSAGES) {
            listener.onProblem(manifest + ":" + number + ": " + BytePath.display(line.name()) + ": another " + what
                    + " than " + manifests.get(other.manifest()) + ":" + other.line() + "; both are checked");
        }
    }

    private void sayHowManyMore() {
        long more = Math.max(0, malformed - MAX_MESSAGES);
        if (more > 0) {
            listener.onProblem(manifest + ": " + more + " more malformed lines");
        }
        long others = Math.max(0, contradictions - MAX_MESSAGES);
        if (others > 0) {
            listener.onProblem(manifest + ": " + others + " more contradictions");
        }
    }

    long malformed() {
        return malformed;
    }
}
