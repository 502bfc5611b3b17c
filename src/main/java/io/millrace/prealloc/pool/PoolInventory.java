// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.Directory;
import io.millrace.posix.FileCalls;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.InotifyEvent;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationListener;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/**
 * The content of a pool's directory: the ready files by number, and {@link ForeignEntries}. Belongs to the keeper's
 * thread; other threads may iterate over {@link #numbers}, and must expect each file to be gone.
 */
final class PoolInventory {
    private static final Set<Change> LEAVING = EnumSet.of(Change.MOVED_FROM, Change.DELETED);
    private static final Set<Change> COMING = EnumSet.of(Change.CREATED, Change.MOVED_TO);

    private static final String FOREIGN = "is not named like the pool's files";

    private final FileCalls files;
    private final BytePath directory;
    private final FileNameFormat names;
    private final ReadyFileCheck fitness;
    private final PoolSequence ledger;
    private final AllocationListener course;
    private final ForeignEntries strangers;
    private final NavigableSet<Long> ready = new ConcurrentSkipListSet<>();
    private int count;
    private boolean missedSomething;

    /** @param course is notified of each file that is checked */
    PoolInventory(
            FileCalls files,
            ReadyFileCheck fitness,
            PoolSequence ledger,
            PoolListener listener,
            AllocationListener course) {
        this.files = files;
        this.directory = fitness.spec().directory();
        this.names = fitness.spec().names().form();
        this.fitness = fitness;
        this.ledger = ledger;
        this.course = course;
        this.strangers = new ForeignEntries(fitness.spec(), listener);
    }

    /** The ready files, oldest first. Any thread. */
    Iterable<Long> numbers() {
        return ready;
    }

    int count() {
        return count;
    }

    ForeignEntries strangers() {
        return strangers;
    }

    /** Whether events were lost, so that only {@link #look} can determine the content. */
    boolean missedSomething() {
        return missedSomething;
    }

    /** Clears the inventory because the directory is gone: its files cannot be claimed, and do not count as claimed. */
    void forget() {
        ready.clear();
        count = 0;
        strangers.forget();
    }

    void add(long number) {
        if (ready.add(number)) {
            count++;
        }
    }

    private boolean remove(OptionalLong number) {
        if (number.isPresent() && ready.remove(number.getAsLong())) {
            count--;
            return true;
        }
        return false;
    }

    /** @return how many files were claimed */
    int apply(List<InotifyEvent> events, OwnedFd in) throws PosixException {
        int claims = 0;
        Set<BytePath> touched = new LinkedHashSet<>();
        for (InotifyEvent event : events) {
            missedSomething |= event.changes().contains(Change.OVERFLOWED);
            if (event.name().length == 0) {
                continue;
            }
            OptionalLong number = names.number(event.name());
            BytePath name = BytePath.of(event.name());
            if (event.changes().stream().anyMatch(LEAVING::contains)) {
                claims += remove(number) ? 1 : 0;
                strangers.remove(name);
            } else if (event.changes().contains(Change.CREATED) && isReady(number)) {
                continue; // created by us: the removal of a former file of this name would have been an event
            } else if (number.isPresent() || event.changes().stream().anyMatch(COMING::contains)) {
                touched.add(name);
            }
        }
        for (BytePath name : touched) {
            inspect(in, name);
        }
        return claims;
    }

    private boolean isReady(OptionalLong number) {
        return number.isPresent() && ready.contains(number.getAsLong());
    }

    /**
     * Scans the directory.
     *
     * @param thoroughly whether known files are checked again, too
     * @return how many files turned out to be claimed
     */
    int look(OwnedFd in, boolean thoroughly) throws PosixException {
        missedSomething = false;
        Set<Long> present = new HashSet<>();
        strangers.beginLook();
        var flags = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
        try (var list = files.list(files.openAt(in, new byte[] {'.'}, directory, flags), directory)) {
            for (var entries = list.nextBatch(); entries != null; entries = list.nextBatch()) {
                for (Directory.Entry entry : entries) {
                    OptionalLong number = names.number(entry.name());
                    number.ifPresent(present::add);
                    if (number.isEmpty() && !isLeftover(entry.name())) {
                        strangers.add(BytePath.of(entry.name()), FOREIGN); // no status call: there may be a million
                    } else if (thoroughly || !isReady(number)) {
                        inspect(in, BytePath.of(entry.name()));
                    }
                }
            }
        }
        strangers.endLook();
        int claims = 0;
        for (Long number : ready) {
            course.progressed();
            if (!present.contains(number) && status(in, BytePath.of(names.name(number))) == null) {
                claims += remove(OptionalLong.of(number)) ? 1 : 0;
            }
        }
        return claims;
    }

    /** Checks an entry, and reports it if it does not belong to the pool. */
    private void inspect(OwnedFd in, BytePath name) throws PosixException {
        course.progressed(); // a hundred thousand entries take long on a cold disk
        OptionalLong number = names.number(name.toBytes());
        if (number.isEmpty()) {
            inspectForeign(in, name);
            return;
        }
        FileStatus status = status(in, name);
        if (status == null) {
            strangers.remove(name);
            return;
        }
        ledger.seen(number.getAsLong());
        String lack = fitness.lack(status);
        if (lack == null) {
            strangers.remove(name);
            add(number.getAsLong());
        } else {
            boolean unused = remove(number);
            strangers.add(name, lack);
        }
    }

    /**
     * Checks a foreign entry; errors are ignored, for instance for a mount point that is broken or not accessible to
     * us.
     */
    private void inspectForeign(OwnedFd in, BytePath name) {
        try {
            FileStatus status = status(in, name);
            if (status == null || removeLeftover(in, name, status)) {
                strangers.remove(name);
            } else {
                strangers.add(name, FOREIGN);
            }
        } catch (PosixException e) {
            strangers.add(name, FOREIGN);
        }
    }

    /** Returns null if the file does not exist. */
    @Nullable FileStatus status(OwnedFd in, BytePath name) throws PosixException {
        try {
            return files.statusAt(in, name.toBytes(), directory.resolve(name.toBytes()));
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return null;
            }
            throw e;
        }
    }

    /**
     * Removes a file whose creation was interrupted when its process was killed. It is ours if it carries the mark,
     * which only our own state directory contains, and belongs to us; it is unused because only this thread creates
     * such files. Only the name is removed: if another process linked a file here under it, that file keeps its other
     * name.
     */
    private boolean removeLeftover(OwnedFd in, BytePath name, FileStatus status) throws PosixException {
        boolean isOurs = isLeftover(name.toBytes()) && status.type() == FileType.REGULAR && fitness.isOurs(status);
        if (isOurs) {
            files.unlinkAt(in, name.toBytes(), directory.resolve(name.toBytes()));
        }
        return isOurs;
    }

    private boolean isLeftover(byte[] name) {
        return BytePath.decode(name).startsWith(ledger.hiddenPrefix());
    }

    byte[] name(long number) {
        return names.name(number);
    }

    @Nullable String lack(FileStatus status) {
        return fitness.lack(status);
    }
}
