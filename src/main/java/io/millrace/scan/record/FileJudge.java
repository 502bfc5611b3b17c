// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.CatalogException;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.Absence;
import io.millrace.catalog.record.Assessment;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Finding;
import io.millrace.catalog.record.NameChange;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.VerdictRules;
import io.millrace.catalog.record.Verification;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.FileResult;
import io.millrace.scan.observe.ObservedFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges results by the catalog, and puts into a batch what is to be recorded of them. One thread. */
final class FileJudge {
    private static final int MAX_LINKED = 50_000;

    private final NamedFiles files;
    private final CatalogNames names;
    private final RecordTally tally;

    /** What was made of files with several names, so that a pass over one is not judged once for each name. */
    private final Map<FileKey, Judged> linked = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<FileKey, Judged> eldest) {
            return size() > MAX_LINKED;
        }
    };

    private record Judged(ObservedFile seen, Assessment assessment) {}

    FileJudge(Posix posix, RecordTally tally) {
        this.files = new NamedFiles(posix);
        this.names = new CatalogNames(posix);
        this.tally = tally;
    }

    NamedFiles files() {
        return files;
    }

    CatalogNames names() {
        return names;
    }

    /**
     * The batch is committed by the caller, and only then is anything recorded.
     *
     * @param isFresh whether nobody but this scan has changed the catalog since it began, so that what was found before a file was
     *     read still is recorded
     */
    RecordedFile judge(WriteBatch batch, FileResult result, boolean isFresh) throws CatalogException {
        ObservedFile seen = result.observed();
        if (seen == null) {
            return result.error().isPresent() ? unread(batch, result) : RecordedFile.unjudged(result);
        }
        BytePath path;
        try {
            path = names.of(result.path(), seen.isGiven());
        } catch (PosixException e) {
            return RecordedFile.unjudged(result);
        }
        Judged before = seen.links() > 1 ? linked.get(seen.key()) : null;
        if (before != null
                && before.seen().observation().state().equals(seen.observation().state())) {
            // By another name, perhaps at the same time by another thread: one pass, one verdict.
            Optional<FileRecord> record = batch.find(seen.key());
            if (record.isPresent()) {
                batch.put(path, record.get());
            }
            return recorded(result, before.assessment(), record);
        }
        tally.add(seen.bytes());
        Optional<FileRecord> stored =
                isFresh && seen.links() < 2 && seen.stored().isPresent() ? seen.stored() : batch.find(seen.key());
        return observed(batch, result, seen, path, stored);
    }

    private RecordedFile observed(
            WriteBatch batch, FileResult result, ObservedFile seen, BytePath path, Optional<FileRecord> stored)
            throws CatalogException {
        FileKey key = seen.key();
        boolean isKnownName = stored.isPresent() && batch.hasName(key, path);
        NameChange change = NameChange.NONE;
        if (!isKnownName) {
            Optional<FileRecord> named = batch.findNamed(path, key.fileSystem());
            Optional<List<BytePath>> known = batch.names(key);
            change = NameChange.of(key, path, known, named.map(FileRecord::key), name -> files.leadsTo(name, key));
            if (change == NameChange.MOVED) {
                for (BytePath gone : known.orElse(List.of())) {
                    batch.dropName(key.fileSystem(), gone);
                }
            }
        }
        Assessment assessment = VerdictRules.assess(stored, key, seen.observation(), change);
        if (!seen.unreadable().isEmpty() && !assessment.verdict().isSuspect()) {
            assessment = unreadable(assessment, seen);
        }
        FileRecord record = assessment.record();
        if (assessment.verdict() != Verdict.UNREADABLE || stored.isPresent()) {
            if (!isKnownName) {
                batch.put(path, record);
            } else if (!record.equals(stored.orElseThrow())) {
                batch.put(record);
            }
        }
        if (seen.links() > 1) {
            linked.put(key, new Judged(seen, assessment));
        }
        return recorded(result, assessment, Optional.of(record));
    }

    private static Assessment unreadable(Assessment assessment, ObservedFile seen) {
        var findings = new ArrayList<>(assessment.findings());
        for (ByteRange range : seen.unreadable()) {
            findings.add(new Finding(Verdict.UNREADABLE, range));
        }
        FileRecord record = VerdictRules.unreadable(assessment.record());
        return new Assessment(Verdict.UNREADABLE, findings, "", record);
    }

    private static RecordedFile recorded(FileResult result, Assessment assessment, Optional<FileRecord> record) {
        boolean isRecorded = switch (assessment.verdict()) {
            case OK, NEW, MOVED, MODIFIED, TRANSIENT, MEMORY_SUSPECT -> true;
            case UNSETTLED, LIVE, MISSING, UNREADABLE, CORRUPT, DISK_BAD -> false;
        };
        return new RecordedFile(
                result.path(),
                result,
                Optional.of(assessment.verdict()),
                assessment.findings(),
                assessment.note(),
                List.of(),
                record.map(FileRecord::verification),
                isRecorded,
                false);
    }

    /** Of a file that could not be opened, or not read at all. */
    private RecordedFile unread(WriteBatch batch, FileResult result) throws CatalogException {
        BytePath path = names.of(result.path());
        boolean isThere = files.exists(path);
        var fileSystem = files.fileSystemAt(path);
        List<FileRecord> known = isFile(path) ? batch.find(path) : List.of();
        Optional<FileRecord> stored = known.stream()
                .filter(record -> Optional.of(record.key().fileSystem()).equals(fileSystem))
                .findFirst();
        Optional<Verification> verification = stored.map(FileRecord::verification);
        if (isThere || fileSystem.isEmpty()) {
            if (stored.isPresent()) {
                batch.put(VerdictRules.unreadable(stored.get()));
            }
            return RecordedFile.unread(result.path(), result, Verdict.UNREADABLE, verification);
        }
        if (stored.isPresent()) {
            return hasOtherName(batch, path, stored.get().key())
                    ? RecordedFile.unread(result.path(), result, Verdict.MOVED, verification)
                    : absent(batch, result.path(), stored.get(), result);
        }
        return known.isEmpty()
                ? RecordedFile.unread(result.path(), result, Verdict.UNREADABLE, verification)
                : RecordedFile.notMounted(result.path(), result);
    }

    private static boolean isFile(BytePath path) {
        return path.toBytes()[0] == '/' && !path.endsInSlash();
    }

    /**
     * Judges a name of the catalog that no pass came by.
     *
     * @return empty where nothing is to be told: it is there after all, or the file has another name that is there
     */
    Optional<RecordedFile> judgeAbsent(WriteBatch batch, BytePath path, FileRecord stored) throws CatalogException {
        boolean isThere = files.exists(path);
        var fileSystem = files.fileSystemAt(path); // asked last: without it nothing is missing
        var mounted = fileSystem.isPresent() ? Set.of(fileSystem.get()) : Set.<FileSystemId>of();
        return switch (Absence.of(stored.key(), mounted, isThere)) {
            case PRESENT -> Optional.empty();
            case NOT_MOUNTED -> Optional.of(RecordedFile.notMounted(path, null));
            case MISSING ->
                hasOtherName(batch, path, stored.key())
                        ? Optional.empty()
                        : Optional.of(absent(batch, path, stored, null));
        };
    }

    private boolean hasOtherName(WriteBatch batch, BytePath path, FileKey key) throws CatalogException {
        for (BytePath name : batch.names(key).orElse(List.of())) {
            if (!name.equals(path) && files.leadsTo(name, key)) {
                batch.dropName(key.fileSystem(), path);
                return true;
            }
        }
        return false;
    }

    private static RecordedFile absent(WriteBatch batch, BytePath shown, FileRecord stored, @Nullable FileResult result)
            throws CatalogException {
        FileRecord record = VerdictRules.missing(stored);
        if (!record.equals(stored)) {
            batch.put(record);
        }
        return RecordedFile.unread(shown, result, Verdict.MISSING, Optional.of(record.verification()));
    }
}
