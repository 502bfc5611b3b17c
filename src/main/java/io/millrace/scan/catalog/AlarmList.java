// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.FileDue;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Verdict;
import io.millrace.files.StateFile;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The files that are not what was recorded, and which of them an operator has acknowledged. The catalog has the files; the state
 * file {@code acknowledged} has a line for each acknowledged one: the verdict's code, and the name in Base64. Any thread.
 */
final class AlarmList {
    static final List<Verdict> VERDICTS =
            List.of(Verdict.DISK_BAD, Verdict.CORRUPT, Verdict.MEMORY_SUSPECT, Verdict.TRANSIENT);

    private static final int MAX_BYTES = 64 << 20;
    private static final int FIELDS = 2;

    private final StateFile file;

    @GuardedBy("this") private final Map<BytePath, Verdict> alarms = new LinkedHashMap<>();

    @GuardedBy("this") private final Map<BytePath, Verdict> acknowledged = new LinkedHashMap<>();

    /** Whether the file has acknowledgements that are over. */
    @GuardedBy("this") private boolean isChanged;

    AlarmList(StateFile file) {
        this.file = file;
    }

    /**
     * Reads what was acknowledged before.
     *
     * @throws PosixException if the file is there and cannot be read
     */
    synchronized void open() throws PosixException {
        Optional<byte[]> content = file.read(MAX_BYTES);
        String text = new String(content.orElse(new byte[0]), StandardCharsets.US_ASCII);
        for (String line : text.split("\n")) {
            String[] fields = line.split(" ");
            if (fields.length == FIELDS) {
                try {
                    acknowledged.put(
                            BytePath.of(Base64.getDecoder().decode(fields[1])),
                            Verdict.ofCode(Integer.parseInt(fields[0])));
                } catch (IllegalArgumentException e) {
                    continue; // a line that nobody wrote: the alarm sounds once more
                }
            }
        }
    }

    /** Reads from the catalog which files are suspect; as many as there are in memory at most. */
    void refresh(CatalogReader reader) throws CatalogException {
        var found = new LinkedHashMap<BytePath, Verdict>();
        for (FileDue due : reader.withVerdict(List.of(BytePath.of("/")), VERDICTS, MAX_ALARMS)) {
            found.put(due.path(), due.verdict());
        }
        synchronized (this) {
            alarms.clear();
            alarms.putAll(found);
        }
    }

    private static final int MAX_ALARMS = 100_000;

    /** Looks at the records of the files in the list again: a command may have accepted or rescued one. */
    void recheck(CatalogReader reader, int count) throws CatalogException {
        List<BytePath> some;
        synchronized (this) {
            some = alarms.keySet().stream().limit(count).toList();
        }
        for (BytePath path : some) {
            Optional<Verdict> now = reader.find(path).stream()
                    .map(FileRecord::verdict)
                    .filter(Verdict::isAlarm)
                    .max(Comparator.naturalOrder());
            synchronized (this) {
                if (now.isPresent()) {
                    alarms.put(path, now.get());
                } else {
                    end(path);
                }
            }
        }
    }

    /** A file was judged. Returns whether it is an alarm that nobody has acknowledged. */
    synchronized boolean onJudged(BytePath path, Verdict verdict) {
        if (!verdict.isAlarm()) {
            if (verdict == Verdict.OK || verdict == Verdict.MODIFIED) {
                end(path);
            }
            return false;
        }
        alarms.put(path, verdict);
        return !isAcknowledged(path, verdict);
    }

    /** An alarm is over, and so is its acknowledgement: what is found later is another alarm. */
    @GuardedBy("this") private void end(BytePath path) {
        alarms.remove(path);
        isChanged |= acknowledged.remove(path) != null;
    }

    /** Writes down which acknowledgements have ended; those that were not are so again after a restart. */
    void saveChanges() throws PosixException {
        synchronized (file) {
            byte[] content;
            synchronized (this) {
                if (!isChanged) {
                    return;
                }
                content = content();
            }
            write(content);
        }
    }

    @GuardedBy("this") private boolean isAcknowledged(BytePath path, Verdict verdict) {
        return acknowledged.get(path) == verdict;
    }

    /** As {@link CatalogControl#acknowledge}. */
    long acknowledge(BytePath path) throws PosixException {
        synchronized (file) {
            Map<BytePath, Verdict> added;
            byte[] content;
            synchronized (this) {
                isChanged |=
                        acknowledged.keySet().retainAll(alarms.keySet()); // what is good again, or gone, sounds anew
                added = add(path);
                content = added.isEmpty() ? new byte[0] : content();
            }
            if (!added.isEmpty()) {
                try {
                    write(content);
                } catch (PosixException e) {
                    synchronized (this) {
                        added.forEach(acknowledged::remove);
                    }
                    throw e;
                }
            }
            return added.size();
        }
    }

    @GuardedBy("this") private Map<BytePath, Verdict> add(BytePath path) {
        var added = new LinkedHashMap<BytePath, Verdict>();
        for (Map.Entry<BytePath, Verdict> alarm : alarms.entrySet()) {
            boolean isMeant = alarm.getKey().equals(path) || SourceTrees.isBelow(alarm.getKey(), path);
            if (isMeant && acknowledged.put(alarm.getKey(), alarm.getValue()) != alarm.getValue()) {
                added.put(alarm.getKey(), alarm.getValue());
            }
        }
        return added;
    }

    @GuardedBy("this") private byte[] content() {
        isChanged = false;
        var bytes = new ByteArrayOutputStream();
        acknowledged.forEach((path, verdict) ->
                bytes.writeBytes((verdict.code() + " " + Base64.getEncoder().encodeToString(path.toBytes()) + "\n")
                        .getBytes(StandardCharsets.US_ASCII)));
        return bytes.toByteArray();
    }

    /** Under the lock of the file, and no other: it may take long. */
    private void write(byte[] content) throws PosixException {
        try {
            file.replace(content);
        } catch (PosixException e) {
            synchronized (this) {
                isChanged = true;
            }
            throw e;
        }
    }

    /** Those that nobody has acknowledged first, and of these the most urgent. */
    synchronized List<Alarm> list(int count) {
        var all = new ArrayList<Alarm>();
        for (Map.Entry<BytePath, Verdict> alarm : alarms.entrySet()) {
            boolean isKnown = isAcknowledged(alarm.getKey(), alarm.getValue());
            all.add(new Alarm(alarm.getKey(), alarm.getValue(), isKnown));
        }
        all.sort(Comparator.comparing(Alarm::isAcknowledged)
                .thenComparing(Comparator.comparing(Alarm::verdict).reversed()));
        return List.copyOf(all.subList(0, Math.min(count, all.size())));
    }

    /** How many nobody has acknowledged, and how many somebody has. */
    synchronized Counts counts() {
        long known = 0;
        for (Map.Entry<BytePath, Verdict> alarm : alarms.entrySet()) {
            known += isAcknowledged(alarm.getKey(), alarm.getValue()) ? 1 : 0;
        }
        return new Counts(alarms.size() - known, known);
    }

    record Counts(long open, long acknowledged) {}
}
