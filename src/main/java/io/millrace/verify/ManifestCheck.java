// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.catalog.record.Verdict;
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
 * Compares files with manifests. First, one thread loads the manifests. A scan of {@link #files()} with this object as
 * its {@link DigestChoice} then computes for each file, in one read, the digests that the manifests contain, and
 * {@link #judge} compares the result. A file whose size differs from the manifest's is not read. Relative names are
 * relative to the current directory, like in {@code sha256sum --check} and hashdeep. After loading, any thread may use
 * it; it owns nothing that has to be closed.
 */
public final class ManifestCheck implements DigestChoice {
    /**
     * The verdicts that a comparison with manifests gives. {@link Verdict#MODIFIED} says that the content differs: whether the file
     * was written or the disk has corrupted it is unknown, because a manifest contains no times.
     */
    public static final List<Verdict> VERDICTS =
            List.of(Verdict.OK, Verdict.MODIFIED, Verdict.MISSING, Verdict.UNREADABLE, Verdict.NEW);

    private static final HexFormat HEX = HexFormat.of();

    private final Posix posix;
    private final ManifestListener listener;
    private final CancellationToken stop;
    private final ManifestIndex index;
    private final List<String> manifests = new ArrayList<>();
    private final List<FileStatus> manifestFiles = new ArrayList<>();
    private final List<BytePath> paths = new ArrayList<>();

    /** The paths in normal form. */
    private final List<byte[]> trees = new ArrayList<>();

    /** Indexes of the trees in which manifests name files. */
    private final Set<Integer> namedTrees = ConcurrentHashMap.newKeySet();

    /** Sizes of files that are not read, between {@link #of} and {@link #judge}. */
    private final Map<BytePath, Long> sizesOfUnread = new ConcurrentHashMap<>();

    private long malformedLines;

    /** {@code stop}: ends the reading of a manifest. */
    public ManifestCheck(Posix posix, ManifestListener listener, CancellationToken stop) throws PosixException {
        this.posix = posix;
        this.listener = listener;
        this.stop = stop;
        this.index = new ManifestIndex(new NormalPath(posix.process().workingDirectory()));
    }

    /**
     * Adds a manifest. Malformed lines are reported to the listener, skipped and counted.
     *
     * @param manifest path of the manifest; {@code -} stands for standard input
     * @param assumed digest of lines that do not name it; if empty, the number of digits determines it
     * @throws IOException if the manifest cannot be read or used; the message is one line. The other manifests are not
     *     affected
     */
    public void load(BytePath manifest, Optional<DigestAlgorithm> assumed) throws IOException {
        var reader = new ManifestReader(posix, index::add, manifests, listener, stop);
        try {
            manifestFiles.add(reader.read(manifest, assumed));
        } finally {
            malformedLines += reader.malformed();
        }
    }

    /** Restricts {@link #files} to these paths and the files below them. */
    public void restrictTo(List<BytePath> wanted) {
        paths.addAll(wanted);
        wanted.forEach(path -> trees.add(index.normal().of(path.toBytes())));
    }

    /** Returns the files that the manifests name, each once, in manifest order. */
    public Iterator<BytePath> files() {
        Iterable<BytePath> names = index::names;
        Stream<BytePath> all = StreamSupport.stream(names.spliterator(), false);
        return trees.isEmpty() ? index.names() : all.filter(this::isWithin).iterator();
    }

    /**
     * Returns where to look for files that are in no manifest, after {@link #files} has been consumed: the paths of
     * {@link #restrictTo} that are not below another of them. A path that does not exist is omitted if manifests name
     * files below it, because these are reported as missing.
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

    /** Returns how many files the manifests name. */
    public long count() {
        return index.files();
    }

    /** Returns all digests that occur in the manifests. */
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

    /** Returns the verdict on a file of {@link #files} from its scan result. Any thread. */
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

    /** Whether a file is in no manifest, and is not a manifest itself. */
    public boolean isNew(BytePath path) {
        return index.find(path).isEmpty() && !isManifest(path);
    }

    private boolean isManifest(BytePath path) {
        try {
            FileStatus status = posix.files().status(path);
            return manifestFiles.stream().anyMatch(status::isSameFileAs);
        } catch (PosixException e) {
            return false; // removed in the meantime
        }
    }
}
