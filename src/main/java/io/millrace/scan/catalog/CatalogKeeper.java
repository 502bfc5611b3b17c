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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    private static final Duration BACKUP_RETRY = Duration.ofHours(1);
    private static final long MAX_CLOSING_MILLIS = 2_000;

    private final Posix posix;
    private final CatalogKeeperListener listener;
    private final Clock clock;
    private final AlarmList alarms;

    @GuardedBy("this") private Optional<CatalogPlace> place = Optional.empty();

    @GuardedBy("this") private @Nullable OpenCatalog open;

    @GuardedBy("this") private Optional<String> reason = Optional.empty();

    @GuardedBy("this") private final Map<String, RecordedSource> sources = new LinkedHashMap<>();

    /** Of runs under way, by source. */
    @GuardedBy("this") private final Map<String, ShareNames> shares = new HashMap<>();

    @GuardedBy("this") private Map<String, CoverageStatus> coverage = Map.of();

    @GuardedBy("this") private final List<String> notices = new ArrayList<>();

    @GuardedBy("this") private Optional<CatalogStats> stats = Optional.empty();

    /** Whether there is a notice that the catalog lies on a file system which it watches. */
    @GuardedBy("this") private boolean isBesideTold;

    @GuardedBy("this") private Optional<Instant> lastBackup = Optional.empty();

    @GuardedBy("this") private Optional<String> backupProblem = Optional.empty();

    @GuardedBy("this") private Instant nextBackupTry = Instant.MIN;

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
    }

    /**
     * Opens the catalog where one is wanted and none is open, and replaces the sources that use it. An open one stays open until
     * {@link #close}, even where nothing uses it any more; one that has failed is opened again. A failure is a status, never an
     * exception.
     */
    public void apply(Optional<CatalogPlace> wanted, Collection<RecordedSource> users) {
        synchronized (this) {
            sources.clear();
            users.forEach(user -> sources.put(user.name(), user));
            coverage = new LinkedHashMap<>(coverage);
            coverage.keySet().retainAll(sources.keySet());
            boolean isOther = !wanted.equals(place);
            if (wanted.isPresent() && !closed && (open == null || reason.isPresent() || isOther)) {
                place = wanted;
                open(wanted.get());
            } else if (wanted.isEmpty() && open == null) {
                reason = Optional.empty();
            }
            nextRefresh = Instant.MIN;
            nextBackupTry = Instant.MIN;
            wake();
        }
    }

    @GuardedBy("this") private void open(CatalogPlace wanted) {
        try {
            closeOpen();
            notices.clear();
            isBesideTold = false;
            nextRefresh = Instant.MIN;
            reason = Optional.empty();
            OpenCatalog opened = OpenCatalog.open(posix, wanted);
            open = opened;
            alarms.open();
            try (CatalogReader reader = opened.catalog().reader()) {
                alarms.refresh(reader);
            }
            opened.notices().forEach(this::notice);
            listener.onOpened(opened.catalog().place().database());
            startThread();
        } catch (IOException e) {
            fail(String.valueOf(e.getMessage()));
        }
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
            coverage = Map.of(); // nothing is verified any more, so no promise may be shown as kept
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
        RecordedSource user;
        synchronized (this) {
            user = sources.get(source);
        }
        CoverageSpec spec = user == null ? null : user.recording().coverage().orElse(null);
        if (user == null || spec == null) {
            throw new IOException(source + ": is configured otherwise meanwhile");
        }
        ShareNames names = new SourcePlanner(posix, user, spec, clock).share(catalog());
        synchronized (this) {
            shares.put(source, names);
        }
        return names;
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
        ShareNames names;
        RecordedSource user;
        synchronized (this) {
            names = shares.remove(source);
            user = sources.get(source);
        }
        CoverageSpec spec = user == null ? null : user.recording().coverage().orElse(null);
        if (names != null && user != null && spec != null) {
            try {
                new SourcePlanner(posix, user, spec, clock).onEnded(catalog(), names, bytes, seconds);
            } catch (IOException e) {
                synchronized (this) {
                    notice("catalog: source " + source + ": its night is not taken down: " + e.getMessage());
                }
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
                List.copyOf(coverage.values()),
                lastBackup,
                backupProblem,
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
                synchronized (this) {
                    coverage = Map.of();
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
        backUp(catalog);
    }

    private void refresh(CatalogReader reader) throws CatalogException {
        alarms.refresh(reader);
        List<RecordedSource> users;
        synchronized (this) {
            users = List.copyOf(sources.values());
        }
        CatalogStats read = reader.stats();
        var found = new LinkedHashMap<String, CoverageStatus>();
        for (RecordedSource user : users) {
            CoverageSpec spec = user.recording().coverage().orElse(null);
            if (spec != null) {
                found.put(user.name(), new SourcePlanner(posix, user, spec, clock).status(reader));
            }
        }
        Map<String, CoverageStatus> before;
        synchronized (this) {
            before = coverage;
            coverage = found;
            stats = Optional.of(read);
        }
        found.values().forEach(now -> tell(before.get(now.source()), now));
    }

    private void tell(@Nullable CoverageStatus before, CoverageStatus now) {
        OptionalInt was = before == null ? OptionalInt.empty() : before.plan().breaksInNights();
        OptionalInt is = now.plan().breaksInNights();
        if (is.isPresent() && !is.equals(was)) {
            listener.onPromiseAtRisk(CatalogStatus.forecast(now, is.getAsInt()));
        } else if (is.isEmpty() && was.isPresent()) {
            listener.onPromiseKept(now.source());
        }
    }

    private void backUp(Catalog catalog) {
        BytePath directory = catalog.place().backups().orElse(null);
        synchronized (this) {
            if (directory == null || clock.instant().isBefore(nextBackupTry)) {
                return;
            }
        }
        var backup = new NightlyBackup(posix, directory, clock);
        Optional<String> problem = Optional.empty();
        Optional<Instant> last = Optional.empty();
        try {
            if (backup.isDue()) {
                listener.onBackup(backup.make(catalog));
            }
            last = backup.last();
        } catch (IOException e) {
            problem = Optional.of(String.valueOf(e.getMessage()));
        }
        synchronized (this) {
            if (problem.isPresent() && !problem.equals(backupProblem)) {
                listener.onBackupFailed(problem.get());
            }
            backupProblem = problem;
            lastBackup = last.or(() -> lastBackup);
            nextBackupTry = problem.isPresent() ? clock.instant().plus(BACKUP_RETRY) : Instant.MIN;
        }
    }

    @GuardedBy("this") private void closeOpen() throws IOException {
        OpenCatalog closing = open;
        open = null;
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
        synchronized (this) {
            closeOpen();
        }
    }
}
