// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.exchange.ExportedFile;
import io.millrace.catalog.exchange.NdjsonImport;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.observe.FileKeys;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Takes records from exports and lines of manifests into a catalog, many at a time, in bounded memory. What the catalog has
 * recorded by reading stays: an import adds, and replaces nothing. One thread; {@link #finish} at the end.
 */
public final class CatalogImporter {
    /** So many names are one transaction, for which another process that writes waits. */
    private static final int BATCH_NAMES = 2_000;

    private static final Set<OpenFlag> READ =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);

    /** Takes what was not imported, one line each. */
    public interface Listener {
        void onFailure(String error);
    }

    /**
     * @param recorded names that are recorded now
     * @param kept names of files of which the catalog has other content, which stays
     * @param failed names that could not be imported
     */
    public record Counts(long recorded, long kept, long failed) {}

    private final Posix posix;
    private final Catalog catalog;
    private final FileKeys keys;
    private final Listener listener;
    private final Instant now;
    private final List<ExportedFile> waiting = new ArrayList<>();
    private long recorded;
    private long kept;
    private long failed;

    /** {@code now}: when files of manifests are first seen. */
    public CatalogImporter(Posix posix, Catalog catalog, Instant now, Listener listener) {
        this.posix = posix;
        this.catalog = catalog;
        this.keys = new FileKeys(posix);
        this.now = now;
        this.listener = listener;
    }

    /** Takes all records of an export; what came before a fault of it stays. */
    public void addAll(NdjsonImport export, BooleanSupplier stopping) throws IOException {
        for (var next = export.next(); next.isPresent() && !stopping.getAsBoolean(); next = export.next()) {
            BytePath path = next.get().path();
            if (path.toBytes()[0] != '/' || path.endsInSlash()) {
                fail(path + ": not imported: is no absolute path of a file");
            } else {
                add(next.get());
            }
        }
    }

    /**
     * Takes a line of a manifest, with its digests as of an unknown time. The file is opened, to know which one it is, and not
     * read.
     */
    public void add(BytePath path, OptionalLong sizeBytes, Map<DigestAlgorithm, byte[]> digests) throws IOException {
        FileKey key;
        FileStatus status;
        try (OwnedFd file = posix.files().open(path, READ)) {
            status = posix.files().status(file);
            if (status.type() != FileType.REGULAR) {
                fail(path + ": not imported: is a " + status.type().label() + ", not a regular file");
                return;
            }
            key = keys.of(file, status);
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
            return;
        }
        Map<String, byte[]> values = new TreeMap<>();
        digests.forEach((algorithm, value) -> values.put(algorithm.label(), value));
        long size = sizeBytes.orElse(status.sizeBytes());
        add(new ExportedFile(
                path,
                new FileRecord(
                        key,
                        FileState.ofSize(size),
                        DigestValues.of(values),
                        BlockSums.none(size),
                        new Verification(now.getEpochSecond(), Verification.NEVER, Verification.NEVER),
                        new Standing(FileClass.SETTLED, 0, Verdict.NEW))));
    }

    private void fail(String error) {
        failed++;
        listener.onFailure(error);
    }

    private void add(ExportedFile file) throws IOException {
        waiting.add(file);
        if (waiting.size() >= BATCH_NAMES) {
            flush();
        }
    }

    private void flush() throws IOException {
        if (waiting.isEmpty()) {
            return;
        }
        long stored = 0;
        try (WriteBatch batch = catalog.begin()) {
            for (ExportedFile file : waiting) {
                Optional<FileRecord> record = merged(batch.find(file.record().key()), file.record());
                if (record.isPresent()) {
                    batch.put(file.path(), record.get());
                    stored++;
                }
            }
            batch.commit();
        }
        recorded += stored;
        kept += waiting.size() - stored;
        waiting.clear();
    }

    /** What is to be recorded; empty where what is recorded already stays. */
    private static Optional<FileRecord> merged(Optional<FileRecord> stored, FileRecord imported) {
        if (stored.isEmpty() || !stored.get().hasBaseline() || stored.get().equals(imported)) {
            return Optional.of(imported);
        }
        FileRecord old = stored.get();
        boolean isOfManifests = !old.state().hasTimes() && !imported.state().hasTimes();
        boolean isSame = old.state().equals(imported.state()) && !old.digests().contradicts(imported.digests());
        if (!isOfManifests || !isSame) {
            return Optional.empty();
        }
        Map<String, byte[]> all = new TreeMap<>(old.digests().asMap());
        all.putAll(imported.digests().asMap());
        return Optional.of(new FileRecord(
                old.key(), old.state(), DigestValues.of(all), old.blocks(), old.verification(), old.standing()));
    }

    /** Makes the rest durable, and returns the figures of all that was added. */
    public Counts finish() throws IOException {
        flush();
        return new Counts(recorded, kept, failed);
    }
}
