// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.scan.catalog.CoverageSpec;
import io.millrace.scan.catalog.DailyWindow;
import io.millrace.scan.catalog.Recording;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Reads what a source has to do with the catalog, and refuses keys that contradict it. */
final class RecordingReader {
    private static final Duration MIN_WITHIN = Duration.ofDays(1);

    private static final ValueParser<Duration> WITHIN = ValueParser.DURATION.map(RecordingReader::within);
    private static final ValueParser<DailyWindow> BETWEEN = ValueParser.of(DailyWindow::parse);

    /** What a run has no use for that reads no more than a share of the files, in windows. */
    private static final List<String> OF_WHOLE_RUNS = List.of("at-start", "order");

    private RecordingReader() {}

    static Recording read(Section keys) {
        boolean records = keys.value("record", ValueParser.FLAG).orElse(false);
        // An invalid value is one problem, not two.
        boolean verifies = keys.value("verify", ValueParser.FLAG).orElse(keys.has("verify"));
        Optional<Duration> within = keys.value("verify-within", WITHIN);
        Optional<DailyWindow> between = keys.value("between", BETWEEN);
        if (keys.has("verify-within") && !verifies) {
            keys.refuse("verify-within", "needs 'verify: true'");
        }
        if (keys.has("between") && !keys.has("verify-within")) {
            keys.refuse("between", "needs 'verify-within'; other sources start by 'every' or 'cron'");
        }
        if (keys.has("verify-within")) {
            OF_WHOLE_RUNS.forEach(key -> refuse(
                    keys, key, "cannot be combined with 'verify-within', which decides what a run reads and when"));
        }
        Recording.Mode mode = verifies ? Recording.Mode.VERIFY : records ? Recording.Mode.RECORD : Recording.Mode.NONE;
        return new Recording(
                mode,
                verifies
                        ? within.map(time -> new CoverageSpec(time, between.orElse(DailyWindow.WHOLE_DAY)))
                        : Optional.empty());
    }

    private static void refuse(Section keys, String key, String why) {
        if (keys.has(key) && !keys.isEmptyList(key)) {
            keys.refuse(key, why);
        }
    }

    private static Duration within(Duration time) {
        if (time.compareTo(MIN_WITHIN) < 0) {
            throw new IllegalArgumentException("a promise is 1d to 36500d");
        }
        return time;
    }
}
