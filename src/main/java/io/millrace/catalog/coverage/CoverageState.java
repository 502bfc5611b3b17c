// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.coverage;

import com.google.errorprone.annotations.CanIgnoreReturnValue;
import io.millrace.catalog.record.Amount;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.Verdict;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long ago the files of a source were verified on the device: an amount for each date, however many files there are.
 *
 * @param bad suspect or unreadable: read first, and no part of the promise until they are good again
 * @param unsettled dirty or written a moment ago at the last pass: read first as well, and no part of the promise
 * @param live always unsettled: no part of the promise, and of no share
 * @param fresh never verified on the device, by when they were first seen (seconds since 1970, rounded down)
 * @param verified by when they were last verified on the device (likewise)
 */
public record CoverageState(
        Amount bad,
        Amount unsettled,
        Amount live,
        NavigableMap<Long, Amount> fresh,
        NavigableMap<Long, Amount> verified) {
    private static final long HOUR = 3600;

    public CoverageState {
        fresh = Collections.unmodifiableNavigableMap(new TreeMap<>(fresh));
        verified = Collections.unmodifiableNavigableMap(new TreeMap<>(verified));
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Adds up amounts; one thread. */
    public static final class Builder {
        private Amount bad = Amount.ZERO;
        private Amount unsettled = Amount.ZERO;
        private Amount live = Amount.ZERO;
        private final TreeMap<Long, Amount> fresh = new TreeMap<>();
        private final TreeMap<Long, Amount> verified = new TreeMap<>();

        private Builder() {}

        @CanIgnoreReturnValue
        public Builder bad(Amount amount) {
            bad = bad.plus(amount);
            return this;
        }

        @CanIgnoreReturnValue
        public Builder unsettled(Amount amount) {
            unsettled = unsettled.plus(amount);
            return this;
        }

        @CanIgnoreReturnValue
        public Builder live(Amount amount) {
            live = live.plus(amount);
            return this;
        }

        @CanIgnoreReturnValue
        public Builder fresh(long firstSeenSeconds, Amount amount) {
            fresh.merge(firstSeenSeconds, amount, Amount::plus);
            return this;
        }

        @CanIgnoreReturnValue
        public Builder verified(long seconds, Amount amount) {
            verified.merge(seconds, amount, Amount::plus);
            return this;
        }

        /**
         * Adds a file by how it stands in the catalog.
         *
         * @param onDeviceSeconds 0 for never
         */
        @CanIgnoreReturnValue
        public Builder file(
                Amount amount, Verdict verdict, FileClass type, long firstSeenSeconds, long onDeviceSeconds) {
            if (verdict == Verdict.MISSING) {
                return this; // nothing is there to be verified
            }
            if (verdict.isAlarm() || verdict == Verdict.UNREADABLE) {
                return bad(amount);
            }
            if (type == FileClass.LIVE) {
                return live(amount);
            }
            if (verdict == Verdict.UNSETTLED) {
                return unsettled(amount);
            }
            return onDeviceSeconds == 0
                    ? fresh(firstSeenSeconds / HOUR * HOUR, amount)
                    : verified(onDeviceSeconds / HOUR * HOUR, amount);
        }

        public CoverageState build() {
            return new CoverageState(bad, unsettled, live, fresh, verified);
        }
    }

    static Amount sum(Iterable<Amount> amounts) {
        Amount sum = Amount.ZERO;
        for (Amount amount : amounts) {
            sum = sum.plus(amount);
        }
        return sum;
    }
}
