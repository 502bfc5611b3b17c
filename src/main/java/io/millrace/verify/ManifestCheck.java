// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.FileResult;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.digest.DigestChoice;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Compares files with manifests. First one thread loads manifests; then a scan of {@link #files()}, with this as its {@link
 * DigestChoice}, computes of each file what the manifests have of it, in one read; {@link #judge} compares. A file whose size is
 * not the manifest's is not read. Relative names are relative to the current directory, as for {@code sha256sum --check} and
 * hashdeep.
 */
public final class ManifestCheck implements DigestChoice {
    private static final HexFormat HEX = HexFormat.of();

    private final Posix posix;
    private final ManifestListener listener;
    private final CancellationToken stop;
    private final ManifestIndex index;
    private final List<String> manifests = new ArrayList<>();
    private final List<FileStatus> manifestFiles = new ArrayList<>();
    private final List<BytePath> paths = new ArrayList<>();

    /** The paths in one form. */
    private final List<byte[]> trees = new ArrayList<>();

    /** Those in which manifests name files, by number. */
    private final Set<Integer> namedTrees = ConcurrentHashMap.newKeySet();

    /** Of files that are not read, between {@link #of} and {@link #judge}. */
    private final Map<BytePath, Long> sizesOfUnread = new ConcurrentHashMap<>();

    private long malformedLines;

    /** {@code stop} ends the reading of a manifest. */
    public ManifestCheck(Posix posix, ManifestListener listener, CancellationToken stop) throws PosixException {
        this.posix = posix;
        this.listener = listener;
        this.stop = stop;
        this.index = new ManifestIndex(new NormalPath(posix.process().workingDirectory()));
    }

    /**
     * Adds a manifest; malformed lines are told to the listener, passed over and counted.
     *
     * @param manifest {@code -} is standard input
     * @param assumed the digest of lines that do not name it; without, it is told by the number of digits
     * @throws IOException one line: it cannot be read, or used. The others are as good as before
     */
    public void load(BytePath manifest, Optional<DigestAlgorithm> assumed) throws IOException {
        var reader = new ManifestReader(posix, index, manifests, listener, stop);
        try {
            manifestFiles.add(reader.read(manifest, assumed));
        } finally {
            malformedLines += reader.malformed();
        }
    }

    /** Only what is one of these paths, or below one, is given by {@link #files}. */
    public void restrictTo(List<BytePath> wanted) {
        paths.addAll(wanted);
        wanted.forEach(path -> trees.add(index.normal().of(path.toBytes())));
    }

    /** The files that the manifests name, each once, in their order. */
    public Iterator<BytePath> files() {
        Iterable<BytePath> names = index::names;
        Stream<BytePath> all = StreamSupport.stream(names.spliterator(), false);
        return trees.isEmpty() ? index.names() : all.filter(this::isWithin).iterator();
    }

    /**
     * Where to look for files that are in no manifest, once {@link #files} is used up: the paths of {@link #restrictTo} that are
     * not below another of them. One that does not exist is left out if manifests name files there, which are missing then.
     */
    public Iterator<BytePath> treesToList() {
        var kept = new ArrayList<BytePath>();
        for (int i = 0; i < paths.size(); i++) {
            boolean covered = false;
            for (int other = 0; other < paths.size(); other++) {
                boolean same = Arrays.equals(trees.get(other), trees.get(i));
                covered |= NormalPath.isWithin(trees.get(i), trees.get(other)) && (!same || other < i);
            }
            if (!covered && !(namedTrees.contains(i) && isMissing(paths.get(i)))) {
                kept.add(paths.get(i));
            }
        }
        return kept.iterator();
    }

    private boolean isWithin(BytePath path) {
        byte[] normal = index.normal().of(path.toBytes());
        boolean within = false;
        for (int i = 0; i < trees.size(); i++) {
            if (NormalPath.isWithin(normal, trees.get(i))) {
                namedTrees.add(i);
                within = true;
            }
        }
        return within;
    }

    /** How many files the manifests name. */
    public long count() {
        return index.files();
    }

    /** All digests that occur. */
    public Set<DigestAlgorithm> algorithms() {
        return Collections.unmodifiableSet(index.algorithms());
    }

    public long malformedLines() {
        return malformedLines;
    }

    @Override
    public Set<DigestAlgorithm> of(BytePath path, long sizeBytes) {
        List<Expectation> expected = index.find(path);
        if (expected.stream().anyMatch(line -> line.hasSize() && line.sizeBytes() != sizeBytes)) {
            sizesOfUnread.put(path, sizeBytes);
            return Set.of();
        }
        var wanted = EnumSet.noneOf(DigestAlgorithm.class);
        expected.forEach(line -> wanted.addAll(line.digests().keySet()));
        return wanted;
    }

    /** The verdict on a file of {@link #files}, from what the scan says of it. Any thread. */
    public FileVerdict judge(FileResult result) {
        List<Expectation> expected = index.find(result.path());
        int compared = expected.stream()
                .mapToInt(line -> line.digests().size() + (line.hasSize() ? 1 : 0))
                .sum();
        if (result.error().isPresent()) {
            Verdict verdict = isMissing(result.path()) ? Verdict.MISSING : Verdict.UNREADABLE;
            return new FileVerdict(result, verdict, List.of(), compared);
        }
        Long unreadBytes = sizesOfUnread.remove(result.path());
        long sizeBytes = unreadBytes == null ? result.bytes() : unreadBytes;
        var differences = new ArrayList<Difference>();
        expected.forEach(line -> compare(line, result, sizeBytes, differences));
        return new FileVerdict(result, differences.isEmpty() ? Verdict.OK : Verdict.MODIFIED, differences, compared);
    }

    private void compare(Expectation line, FileResult result, long sizeBytes, List<Difference> differences) {
        String manifest = manifests.get(line.manifest());
        if (line.hasSize() && line.sizeBytes() != sizeBytes) {
            differences.add(new Difference(
                    Difference.SIZE,
                    String.valueOf(line.sizeBytes()),
                    String.valueOf(sizeBytes),
                    manifest,
                    line.line()));
        }
        line.digests().forEach((algorithm, value) -> {
            byte[] actual = result.digests().get(algorithm);
            if (actual != null && !Arrays.equals(actual, value)) {
                differences.add(new Difference(
                        algorithm.label(), HEX.formatHex(value), HEX.formatHex(actual), manifest, line.line()));
            }
        });
    }

    private boolean isMissing(BytePath path) {
        try {
            var unused = posix.files().status(path);
            return false;
        } catch (PosixException e) {
            return e.is(Errno.ENOENT);
        }
    }

    /** Whether a file is in no manifest, and is none. */
    public boolean isNew(BytePath path) {
        return index.find(path).isEmpty() && !isManifest(path);
    }

    private boolean isManifest(BytePath path) {
        try {
            FileStatus status = posix.files().status(path);
            return manifestFiles.stream().anyMatch(status::isSameFileAs);
        } catch (PosixException e) {
            return false; // gone meanwhile
        }
    }
}
