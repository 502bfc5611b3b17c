// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.IoPriority;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.job.ScanDefaults;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.units.ByteRate;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * The limits on the reading of scans. The rate in the top-level {@code limits} is that of all scans together; the rate
 * of a source is its own. The other values in {@code limits} are the defaults of all sources and apply to scans that
 * are requested by paths.
 *
 * @param bytesPerSecond 1 and more, or {@link RateLimiter#UNLIMITED}
 * @param parallelFiles 1 to {@link ScanOptions#MAX_PARALLEL_FILES}
 * @param yieldAbove the fraction of time during which other tasks may wait for I/O, above 0 up to 1
 */
record ReadingLimits(
        long bytesPerSecond, int parallelFiles, Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
    private static final ValueParser<Integer> PARALLEL = ValueParser.within(1, ScanOptions.MAX_PARALLEL_FILES);

    /** The pressure of other tasks is an estimate that is rarely zero: with a threshold of 0% a scan would not end. */
    private static final ValueParser<Double> SHARE = ValueParser.PERCENT.map(percent -> {
        if (percent == 0) {
            throw new IllegalArgumentException(
                    "0% would never read, since somebody always waits a little; more than 0%, up to 100%");
        }
        return percent / 100;
    });

    /** One file for each processor, and no other limit. */
    static ReadingLimits usual() {
        int processors = Math.min(Runtime.getRuntime().availableProcessors(), ScanOptions.MAX_PARALLEL_FILES);
        return new ReadingLimits(RateLimiter.UNLIMITED, processors, Optional.empty(), OptionalDouble.empty());
    }

    /** Reads the keys from a section that may have others; {@code usual} supplies the defaults, except for the rate. */
    static ReadingLimits read(Section keys, ReadingLimits usual) {
        return new ReadingLimits(
                keys.value("rate", ValueParser.RATE)
                        .map(ByteRate::bytesPerSecond)
                        .orElse(RateLimiter.UNLIMITED),
                keys.value("parallel", PARALLEL).orElse(usual.parallelFiles),
                keys.value("io-class", ValueParser.of(IoPriority::parse)).or(usual::ioPriority),
                yieldAbove(keys.section("yield-above"), usual.yieldAbove));
    }

    ScanDefaults scanDefaults() {
        return new ScanDefaults(OptionalInt.of(parallelFiles), ioPriority, yieldAbove);
    }

    private static OptionalDouble yieldAbove(Section keys, OptionalDouble usual) {
        Optional<Double> share = keys.value("io-pressure", SHARE);
        keys.refuseOthers();
        return share.isPresent() ? OptionalDouble.of(share.get()) : usual;
    }
}
