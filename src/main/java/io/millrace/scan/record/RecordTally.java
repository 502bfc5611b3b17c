// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.catalog.record.Verdict;
import io.millrace.scan.observe.BytesByOrigin;
import java.util.EnumMap;
import java.util.Map;

/** Accumulates {@link RecordCounts}. Any thread. */
final class RecordTally {
    @GuardedBy("this") private final Map<Verdict, Long> verdicts = new EnumMap<>(Verdict.class);

    @GuardedBy("this") private BytesByOrigin bytes = BytesByOrigin.NONE;

    @GuardedBy("this") private long recorded;

    @GuardedBy("this") private long notMounted;

    synchronized void add(RecordedFile file) {
        file.verdict().ifPresent(verdict -> verdicts.merge(verdict, 1L, Long::sum));
        recorded += file.isRecorded() ? 1 : 0;
        notMounted += file.isNotMounted() ? 1 : 0;
    }

    synchronized void add(BytesByOrigin more) {
        bytes = bytes.plus(more);
    }

    synchronized RecordCounts counts() {
        return new RecordCounts(verdicts, recorded, notMounted, bytes);
    }
}
