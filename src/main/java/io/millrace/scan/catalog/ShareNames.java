// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.FileDue;
import io.millrace.catalog.coverage.CoveragePlan;
import io.millrace.catalog.coverage.CoveragePromise;
import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.Verdict;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.FileWalk;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.scan.walk.WalkSpec;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of a source's files that a run is to read, in this order: files that it names itself, bad and unsettled ones, those that
 * the catalog does not know, and those that were verified on the device the longest ago. Each kind ends when its share of the plan is
 * spent, and all end with the window. One thread at a time, apart from the figures; its creator closes it.
 */
public final class ShareNames implements Iterator<BytePath>, AutoCloseable {
    /** A file that stays bad is read each night, but there are not so many that a list of them would hurt. */
    private static final int MAX_RETRIES = 10_000;

    private static final Collection<Verdict> RETRIED = EnumSet.of(
            Verdict.UNSETTLED,
            Verdict.UNREADABLE,
            Verdict.TRANSIENT,
            Verdict.MEMORY_SUSPECT,
            Verdict.CORRUPT,
            Verdict.DISK_BAD);

    private final Posix posix;
    private final CatalogReader reader;
    private final CoveragePromise promise;
    private final CoveragePlan.Share share;
    private final Clock clock;
    private final Instant end;
    private final Deque<BytePath> given = new ArrayDeque<>();
    private final Deque<FileDue> retries = new ArrayDeque<>();
    private final FileWalk walk;
    private final DueFiles oldest;
    private BooleanSupplier isStopped = () -> false;
    private long retriesLeft;
    private long freshLeft;
    private long oldestLeft;
    private boolean isWalked;
    private @Nullable BytePath next;
    private volatile long givenCost;
    private volatile long stepNanos = System.nanoTime();

    /** {@code end}: of the window. Takes ownership of the reader. */
    ShareNames(Posix posix, CatalogReader reader, SourceTrees trees, RecordedSource source, Budget budget, Clock clock)
            throws CatalogException {
        this.posix = posix;
        this.reader = reader;
        this.promise = budget.promise();
        this.share = budget.plan().share();
        this.clock = clock;
        this.end = budget.end();
        given.addAll(trees.files());
        if (!trees.roots().isEmpty()) {
            reader.withVerdict(trees.roots(), RETRIED, MAX_RETRIES).stream()
                    .filter(due -> due.type() != FileClass.LIVE && trees.admits(due.path()))
                    .forEach(retries::add);
        }
        retriesLeft = share.retries();
        // What is not in the catalog yet is not in the plan either: it has what the plan leaves of the window.
        freshLeft = promise.capacity() - share.total();
        oldestLeft = share.fresh() + share.oldest();
        var paths = trees.roots().iterator();
        walk = new FileWalk(
                posix, new WalkSpec(paths, Optional.empty(), source.filter(), FileOrder.DIRECTORY), () -> isOver());
        oldest = new DueFiles(reader, trees, clock.instant().getEpochSecond());
    }

    /** What a run may spend, and until when. */
    record Budget(CoveragePromise promise, CoveragePlan plan, Instant end) {}

    /** Has it end early. To be called before the first name is taken. */
    public void endWhen(BooleanSupplier stopped) {
        isStopped = stopped;
    }

    private boolean isOver() {
        stepNanos = System.nanoTime();
        return isStopped.getAsBoolean() || !clock.instant().isBefore(end);
    }

    /** How long ago it last made a step: a walk over names that are all known gives none for long. Any thread. */
    public long idleNanos() {
        return System.nanoTime() - stepNanos;
    }

    /** What the names that were given cost, as the plan counts it. Any thread. */
    long givenCost() {
        return givenCost;
    }

    /** What the plan gave for tonight. */
    long plannedCost() {
        return share.total();
    }

    /** Throws {@link UncheckedIOException} where the catalog cannot be read. */
    @Override
    public boolean hasNext() {
        try {
            while (next == null && !isOver()) {
                BytePath found = find();
                if (found == null) {
                    return false;
                }
                next = found;
            }
            return next != null;
        } catch (CatalogException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public BytePath next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        BytePath found = next;
        next = null;
        return found == null ? BytePath.of("/") : found;
    }

    private @Nullable BytePath find() throws CatalogException {
        BytePath path = given.poll();
        if (path != null) {
            return path;
        }
        if (retriesLeft > 0 && !retries.isEmpty()) {
            FileDue due = retries.remove();
            retriesLeft -= spend(due.sizeBytes());
            return due.path();
        }
        BytePath unknown = nextUnknown();
        return unknown != null ? unknown : nextOldest();
    }

    private long spend(long sizeBytes) {
        long cost = promise.cost(new Amount(1, sizeBytes));
        givenCost += cost;
        return cost;
    }

    private @Nullable BytePath nextUnknown() throws CatalogException {
        while (!isWalked && freshLeft > 0) {
            WalkEntry found = walk.next();
            if (found == null) {
                isWalked = true;
                return null;
            }
            BytePath path = found.path();
            boolean isFailure = found.error() != null;
            found.release();
            if (isFailure) {
                return path; // the scan meets it too, and reports it
            }
            if (isUnknown(path)) {
                freshLeft -= spend(sizeBytes(path));
                return path;
            }
        }
        return null;
    }

    private boolean isUnknown(BytePath path) throws CatalogException {
        for (FileRecord record : reader.find(path)) {
            if (record.standing().verdict() != Verdict.MISSING) {
                return false;
            }
        }
        return true;
    }

    private long sizeBytes(BytePath path) {
        try {
            return posix.files().status(path).sizeBytes();
        } catch (PosixException e) {
            return 0; // it is gone, or the scan reports why
        }
    }

    private @Nullable BytePath nextOldest() throws CatalogException {
        while (oldestLeft > 0 && !isOver()) {
            FileDue due = oldest.next();
            if (due == null) {
                return null;
            }
            if (!isLeftOut(due)) {
                oldestLeft -= spend(due.sizeBytes());
                return due.path();
            }
        }
        return null;
    }

    /** Live files have no share, missing ones are found by the walk when they are back, and retries had their turn. */
    private static boolean isLeftOut(FileDue due) {
        return due.type() == FileClass.LIVE || due.verdict() == Verdict.MISSING || RETRIED.contains(due.verdict());
    }

    @Override
    public void close() throws CatalogException {
        walk.close();
        reader.close();
    }
}
