// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogPlace;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.CatalogStats;
import io.millrace.catalog.record.Verdict;
import io.millrace.files.StateFile;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.record.CatalogNames;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The catalog of a service, which goes on without it where it cannot be opened. Any thread; the service that created it closes it,
 * after the scans.
 *
 * <p>Its thread {@code millrace-catalog-keeper} reads figures (after each run that used the catalog, and once an hour), looks at the
 * alarms again every 10 s, and makes the nightly backup.
 */
public final class CatalogKeeper implements CatalogAccess, CatalogControl, AutoCloseable {
    private static final Duration PAUSE = Duration.ofSeconds(10);
    private static final Duration REFRESH = Duration.ofHours(1);
    private static final long MAX_CLOSING_MILLIS = 2_000;

    private final Posix posix;
    private final CatalogKeeperListener listener;
    private final Clock clock;
    private final AlarmList alarms;
    private final CoverageTable coverage;
    private final NightlyBackup backup;

    /** Held while the catalog is opened or closed, which may take long; whoever has it may take this object's lock, never the reverse. */
    private final Object opening = new Object();

    @GuardedBy("this") private Optional<CatalogPlace> place = Optional.empty();

    @GuardedBy("this") private @Nullable OpenCatalog open;

    @GuardedBy("this") private Optional<String> reason = Optional.empty();

    @GuardedBy("this") private final List<String> notices = new ArrayList<>();

    @GuardedBy("this") private Optional<CatalogStats> stats = Optional.empty();

    /** Whether there is a notice that the catalog lies on a file system which it watches. */
    @GuardedBy("this") private boolean isBesideTold;

    @GuardedBy("this") private Instant nextRefresh = Instant.MIN;

    @GuardedBy("this") private @Nullable Thread thread;

    @GuardedBy("this") private boolean woken;

    @GuardedBy("this") private boolean closed;

    /** @param state the directory for what survives restarts: which alarms were acknowledged */
    public CatalogKeeper(Posix posix, BytePath state, CatalogKeeperListener listener) {
        this(posix, state, listener, Clock.systemDefaultZone());
    }

    CatalogKeeper(Posix posix, BytePath state, CatalogKeeperListener listener, Clock clock) {
        this.posix = posix;
        this.listener = listener;
        this.clock = clock;
        this.alarms = new AlarmList(new StateFile(posix, state, "acknowledged"));
        this.coverage = new CoverageTable(posix, clock, listener);
        this.backup = new NightlyBackup(posix, clock, listener);
    }

    /**
     * Opens the catalog where one is wanted and none is open, and replaces the sources that use it. An open one stays open until
     * {@link #close}, even where nothing uses it any more; one that has failed is opened again. A failure is a status, never an
     * exception.
     */
    public void apply(Optional<CatalogPlace> wanted, Collection<RecordedSource> users) {
        synchronized (opening) {
            coverage.replace(users);
            if (isToOpen(wanted)) {
                open(wanted.get());
            }
            backup.retry();
            synchronized (this) {
                nextRefresh = Instant.MIN;
                wake();
            }
        }
    }

    private synchronized boolean isToOpen(Optional<CatalogPlace> wanted) {
        boolean isOther = !wanted.equals(place);
        boolean isUsable = open != null && reason.isEmpty();
        if (wanted.isPresent() && !closed && (!isUsable || isOther)) {
            place = wanted;
            return true;
        }
        if (wanted.isEmpty() && open == null) {
            reason = Optional.empty();
        }
        return false;
    }

    @GuardedBy("opening") private void open(CatalogPlace wanted) {
        try {
            closeOpen();
            OpenCatalog opened = OpenCatalog.open(posix, wanted);
            try (CatalogReader reader = opened.catalog().reader()) {
                alarms.open();
                alarms.refresh(reader);
            } catch (IOException e) {
                opened.close();
                throw e;
            }
            synchronized (this) {
                forgetFormer();
                open = opened;
                opened.notices().forEach(this::notice);
                listener.onOpened(opened.catalog().place().database());
                startThread();
            }
        } catch (IOException e) {
            synchronized (this) {
                forgetFormer();
                fail(String.valueOf(e.getMessage()));
            }
        }
    }

    @GuardedBy("this") private void forgetFormer() {
        notices.clear();
        isBesideTold = false;
        reason = Optional.empty();
    }

    @GuardedBy("this") private void notice(String line) {
        if (!notices.contains(line)) {
            notices.add(line);
            listener.onNotice(line);
        }
    }

    @GuardedBy("this") private void fail(String why) {
        if (!reason.equals(Optional.of(why))) {
            reason = Optional.of(why);
            coverage.clear(); // nothing is verified any more, so no promise may be shown as kept
            stats = Optional.empty();
            listener.onFailed(why);
        }
    }

    @GuardedBy("this") private void startThread() {
        if (thread == null) {
            var keeper = new Thread(this::run, "millrace-catalog-keeper");
            keeper.setDaemon(true); // a hanging disk must not keep the process alive
            keeper.start();
            thread = keeper;
        }
    }

    @Override
    public synchronized Catalog catalog() throws IOException {
        OpenCatalog now = open;
        if (now == null || reason.isPresent()) {
            throw new IOException(
                    "the catalog is not open: " + reason.orElse("the configuration names none, or the service stops"));
        }
        return now.catalog();
    }

    @Override
    public ShareNames share(String source) throws IOException {
        return coverage.share(this, source);
    }

    @Override
    public boolean onRecorded(RecordedFile file) {
        Verdict verdict = file.verdict().orElse(null);
        if (verdict == null) {
            return false;
        }
        // By its name in the catalog, which operators' commands use too; others are looked at again in any case.
        BytePath path = verdict.isAlarm() ? new CatalogNames(posix).of(file.path()) : file.path();
        return alarms.onJudged(path, verdict);
    }

    /** The catalog lies on a file system that it watches. */
    @Override
    public synchronized void onCatalogBesideFiles(BytePath database, BytePath file) {
        if (isBesideTold) {
            return; // by the name of another file
        }
        isBesideTold = true;
        notice("catalog: " + database + " lies on the file system of " + file
                + ", which it watches: what damages that may take the catalog with it");
    }

    @Override
    public synchronized void onCatalogFailure(CatalogException e) {
        if (e.is(CatalogException.Reason.IO_ERROR) || e.is(CatalogException.Reason.DAMAGED)) {
            fail(e.getMessage() + "; a reload or restart opens it again");
        }
    }

    @Override
    public void onRunEnded(String source, long bytes, double seconds) {
        try {
            coverage.onRunEnded(this, source, bytes, seconds);
        } catch (IOException e) {
            synchronized (this) {
                notice("catalog: source " + source + ": its night is not taken down: " + e.getMessage());
            }
        }
        synchronized (this) {
            nextRefresh = Instant.MIN;
            wake();
        }
    }

    @Override
    public long acknowledge(BytePath path) throws IOException {
        Catalog ignored = catalog();
        return alarms.acknowledge(path);
    }

    @Override
    public synchronized CatalogStatus status() {
        boolean isOpen = open != null && reason.isEmpty();
        AlarmList.Counts counts = alarms.counts();
        return new CatalogStatus(
                isOpen
                        ? CatalogStatus.State.OPEN
                        : reason.isPresent() ? CatalogStatus.State.FAILED : CatalogStatus.State.OFF,
                place.map(at -> at.database().display()).orElse(""),
                reason,
                stats,
                alarms.list(CatalogStatus.MAX_ALARMS),
                counts.open(),
                counts.acknowledged(),
                coverage.list(),
                backup.last(),
                backup.problem(),
                notices);
    }

    @GuardedBy("this") private void wake() {
        woken = true;
        notifyAll();
    }

    private void run() {
        while (sleep()) {
            try {
                look(catalog());
            } catch (IOException e) {
                continue; // it is not open, or its reader says so with the next look
            } catch (RuntimeException e) { // else promises and alarms would stay as they are for ever
                coverage.clear();
                synchronized (this) {
                    notice("catalog: cannot be looked at: " + e);
                }
            }
        }
    }

    private synchronized boolean sleep() {
        if (!woken && !closed) {
            try {
                wait(PAUSE.toMillis());
            } catch (InterruptedException e) {
                closed = true; // an interrupt ends this thread
            }
        }
        woken = false;
        return !closed;
    }

    private void look(Catalog catalog) {
        boolean isRefreshDue;
        synchronized (this) {
            isRefreshDue = !clock.instant().isBefore(nextRefresh);
            if (isRefreshDue) {
                nextRefresh = clock.instant().plus(REFRESH);
            }
        }
        try (CatalogReader reader = catalog.reader()) {
            if (isRefreshDue) {
                refresh(reader);
            } else {
                alarms.recheck(reader, CatalogStatus.MAX_ALARMS);
            }
        } catch (CatalogException e) {
            onCatalogFailure(e);
        }
        try {
            alarms.saveChanges();
        } catch (PosixException e) {
            synchronized (this) {
                notice("catalog: which alarms were acknowledged cannot be written: " + e.getMessage());
            }
        }
        backup.look(catalog);
    }

    private void refresh(CatalogReader reader) throws CatalogException {
        alarms.refresh(reader);
        CatalogStats read = reader.stats();
        coverage.refresh(reader);
        synchronized (this) {
            stats = Optional.of(read);
        }
    }

    @GuardedBy("opening") private void closeOpen() throws IOException {
        OpenCatalog closing;
        synchronized (this) {
            closing = open;
            open = null;
        }
        if (closing != null) {
            closing.close();
        }
    }

    /** Waits up to 2 s for the thread, which may be copying; a copy that is cut off leaves no file of a backup's name. */
    @Override
    public void close() throws IOException {
        Thread keeper;
        synchronized (this) {
            closed = true;
            wake();
            keeper = thread;
        }
        try {
            if (keeper != null) {
                keeper.join(MAX_CLOSING_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        synchronized (opening) {
            closeOpen();
        }
    }
}
