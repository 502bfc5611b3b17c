// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.worker.WorkerSpec.Limits;
import java.time.Duration;

/** Reads the time-outs and failure limits of a worker. */
final class LimitsReader {
    private LimitsReader() {}

    static Limits read(Section keys) {
        var limits = Limits.DEFAULT;
        limits = keys.change(limits, "stall-timeout", ValueParser.DURATION, LimitsReader::withStallTimeout);
        limits = keys.change(limits, "timeout", ValueParser.DURATION, LimitsReader::withTimeout);
        limits = keys.change(limits, "stop-timeout", ValueParser.DURATION, LimitsReader::withStopTimeout);
        limits = keys.change(limits, "retries", ValueParser.WHOLE, Limits::withRetries);
        limits = keys.change(limits, "output-limit", ValueParser.SMALL_SIZE, LimitsReader::withOutputBytes);
        limits = keys.change(limits, "quarantine-after", ValueParser.WHOLE, LimitsReader::withQuarantineAfter);
        return keys.change(limits, "quarantine", ValueParser.DURATION, LimitsReader::withQuarantine);
    }

    private static Limits withStallTimeout(Limits l, Duration t) {
        return new Limits(
                t, l.timeout(), l.stopTimeout(), l.retries(), l.outputBytes(), l.quarantineAfter(), l.quarantine());
    }

    private static Limits withTimeout(Limits l, Duration t) {
        return new Limits(
                l.stallTimeout(),
                t,
                l.stopTimeout(),
                l.retries(),
                l.outputBytes(),
                l.quarantineAfter(),
                l.quarantine());
    }

    private static Limits withStopTimeout(Limits l, Duration t) {
        return new Limits(
                l.stallTimeout(), l.timeout(), t, l.retries(), l.outputBytes(), l.quarantineAfter(), l.quarantine());
    }

    private static Limits withOutputBytes(Limits l, int n) {
        return new Limits(
                l.stallTimeout(), l.timeout(), l.stopTimeout(), l.retries(), n, l.quarantineAfter(), l.quarantine());
    }

    private static Limits withQuarantineAfter(Limits l, int n) {
        return new Limits(
                l.stallTimeout(), l.timeout(), l.stopTimeout(), l.retries(), l.outputBytes(), n, l.quarantine());
    }

    private static Limits withQuarantine(Limits l, Duration t) {
        return new Limits(
                l.stallTimeout(), l.timeout(), l.stopTimeout(), l.retries(), l.outputBytes(), l.quarantineAfter(), t);
    }
}
