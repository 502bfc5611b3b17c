// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import io.millrace.catalog.record.Amount;
import java.util.Map;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * Plans a night: how much of a source is to be verified on the device, so that no file is older than promised, that nights are
 * alike, and that some may fail. Stateless: called once before each night's window with what the catalog says then.
 *
 * <p>Bad and unsettled files come first, but take half a window at most; then files that were never verified; then those that
 * were verified the longest ago. So no file is verified twice before another one once. Of the last kind as much is taken as has
 * to be taken evenly: for each night ahead what is due until then, less some nights to spare, divided by the nights; the largest
 * of these, and not less than all of it divided by the nights of the promise less those to spare.
 */
public final class CoveragePlanner {
    /** So many nights before a break, at least, the forecast says so. */
    static final int WARNING_NIGHTS = 3;

    /** Bad and unsettled files take this part of a window at most, as a divisor. */
    private static final int RETRY_PART = 2;

    private final CoveragePromise promise;

    public CoveragePlanner(CoveragePromise promise) {
        this.promise = promise;
    }

    /** {@code nowSeconds}: when the window opens, since 1970. */
    public CoveragePlan plan(CoverageState state, CoverageTrend trend, long nowSeconds) {
        long capacity = promise.capacity();
        long retries = Math.min(promise.cost(state.bad().plus(state.unsettled())), capacity / RETRY_PART);
        long fresh = Math.min(promise.cost(CoverageState.sum(state.fresh().values())), capacity - retries);
        // Nights that fail are made up for by the others.
        double need = evenShare(state.verified(), nowSeconds) / trend.availability();
        long oldest = Math.min((long) Math.ceil(need), capacity - retries - fresh);
        var share = new CoveragePlan.Share(retries, fresh, oldest);
        OptionalInt breaks = forecast(state, trend, retries, nowSeconds);
        String why = "";
        int untilOldest = runsLeftOfOldest(state, nowSeconds);
        if (breaks.isPresent()) {
            why = "a window takes " + capacity + " bytes, which is too little";
        }
        if (untilOldest <= WARNING_NIGHTS && (breaks.isEmpty() || untilOldest <= breaks.getAsInt())) {
            breaks = OptionalInt.of(untilOldest);
            why = untilOldest == 0
                    ? "files were not verified in time"
                    : "files are due within " + untilOldest + " nights that should have been verified by now";
        }
        return new CoveragePlan(share, breaks, why, summary(state, nowSeconds));
    }

    /** How many windows, the one that opens now included, end before a file of this date is late. */
    private int runsLeft(long dateSeconds, long nowSeconds) {
        long left = dateSeconds + promise.withinSeconds() - nowSeconds - promise.windowSeconds();
        return left < 0 ? 0 : (int) Math.min(Integer.MAX_VALUE, left / promise.nightSeconds() + 1);
    }

    private int runsLeftOfOldest(CoverageState state, long nowSeconds) {
        int runs = Integer.MAX_VALUE;
        if (!state.verified().isEmpty()) {
            runs = runsLeft(state.verified().firstKey(), nowSeconds);
        }
        if (!state.fresh().isEmpty()) {
            runs = Math.min(runs, runsLeft(state.fresh().firstKey(), nowSeconds));
        }
        return runs;
    }

    private double evenShare(NavigableMap<Long, Amount> verified, long nowSeconds) {
        // At least as if all dates were alike: else what was read in one night would be due in one again.
        double all = promise.cost(CoverageState.sum(verified.values()));
        double share = all / (promise.nights() - promise.spareNights());
        double due = 0;
        for (Map.Entry<Long, Amount> date : verified.entrySet()) {
            due += promise.cost(date.getValue());
            int nights = Math.max(1, runsLeft(date.getKey(), nowSeconds) - promise.spareNights());
            share = Math.max(share, due / nights);
        }
        return share;
    }

    /**
     * Plays the nights of one promise ahead, each with its whole window as far as nights were available lately, and says in which
     * one a file becomes late. A file that is verified in them is not due again before they are over.
     */
    private OptionalInt forecast(CoverageState state, CoverageTrend trend, long retries, long nowSeconds) {
        double nightly = promise.capacity() * trend.availability() - retries;
        double fresh = promise.cost(CoverageState.sum(state.fresh().values()));
        var dueByNight = new TreeMap<Integer, Double>();
        state.verified()
                .forEach((date, amount) ->
                        dueByNight.merge(runsLeft(date, nowSeconds), (double) promise.cost(amount), Double::sum));
        double spent = 0; // on what was verified before
        double due = 0;
        int night = 0;
        for (Map.Entry<Integer, Double> next : dueByNight.entrySet()) {
            for (; night < Math.min(next.getKey(), promise.nights() + 1); night++) {
                double onFresh = Math.min(fresh, nightly);
                spent += Math.max(0, nightly - onFresh);
                fresh += trend.growth() - onFresh;
            }
            due += next.getValue();
            if (spent + 1 < due) {
                return OptionalInt.of(next.getKey());
            }
        }
        // What is new is late as well after so many nights; what comes meanwhile has its own time.
        double windows = Math.max(0, nightly - trend.growth()) * promise.nights();
        double newNow = promise.cost(CoverageState.sum(state.fresh().values()));
        return newNow > windows && newNow > nightly ? OptionalInt.of(promise.nights()) : OptionalInt.empty();
    }

    private CoveragePlan.Summary summary(CoverageState state, long nowSeconds) {
        long lateBefore = nowSeconds - promise.withinSeconds();
        Amount late = CoverageState.sum(
                        state.verified().headMap(lateBefore, false).values())
                .plus(CoverageState.sum(state.fresh().headMap(lateBefore, false).values()));
        Amount kept =
                CoverageState.sum(state.verified().tailMap(lateBefore, true).values());
        Amount fresh = CoverageState.sum(state.fresh().tailMap(lateBefore, true).values());
        return new CoveragePlan.Summary(kept, fresh, late, state.live(), state.unsettled(), state.bad());
    }
}
