// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.files.RecordReader;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.digest.DigestAlgorithm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads a manifest line by line, in the memory of one line: for what is not a comparison, for which {@link ManifestCheck} is.
 * Belongs to one thread.
 */
public final class ManifestLines {
    /** Takes the lines, in order. An exception ends the reading. */
    public interface Visitor {
        /**
         * @param path absolute; a relative name is relative to the current directory
         * @param sizeBytes empty where the manifest has no sizes
         */
        void onLine(BytePath path, OptionalLong sizeBytes, Map<DigestAlgorithm, byte[]> digests) throws IOException;
    }

    private final Posix posix;
    private final ManifestListener listener;
    private final CancellationToken stop;
    private final NormalPath normal;

    /** {@code stop}: ends the reading. */
    public ManifestLines(Posix posix, ManifestListener listener, CancellationToken stop) throws IOException {
        this.posix = posix;
        this.listener = listener;
        this.stop = stop;
        this.normal = new NormalPath(posix.process().workingDirectory());
    }

    /**
     * Reads one manifest. Malformed lines are reported to the listener and skipped.
     *
     * @param reader of which nothing was read; the caller closes it
     * @param manifest its path, for messages, and for its name, which may tell the digest
     * @param assumed as in {@link ManifestCheck#load}
     * @return how many lines were malformed
     * @throws IOException if it cannot be read or has no usable line, or what the visitor throws
     */
    public long read(RecordReader reader, BytePath manifest, Optional<DigestAlgorithm> assumed, Visitor visitor)
            throws IOException {
        ManifestReader.Lines lines = (number, line, content) -> {
            visit(content, visitor);
            return List.of();
        };
        var manifests = new ManifestReader(posix, lines, new ArrayList<>(), listener, stop);
        try {
            manifests.read(reader, manifest, assumed);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return manifests.malformed();
    }

    private void visit(ManifestLine line, Visitor visitor) {
        OptionalLong size =
                line.sizeBytes() == ManifestLine.NO_SIZE ? OptionalLong.empty() : OptionalLong.of(line.sizeBytes());
        try {
            visitor.onLine(normal.of(BytePath.of(line.name())), size, line.digests());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
