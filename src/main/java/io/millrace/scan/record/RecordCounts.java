// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.record.Verdict;
import io.millrace.scan.observe.BytesByOrigin;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * What a recorded scan has come by.
 *
 * @param verdicts files by verdict; all verdicts are there
 * @param recorded files whose content as read is in the catalog
 * @param notMounted files that the catalog knows, and whose file system is not there
 * @param bytes of the files, each once however many names it has
 */
public record RecordCounts(Map<Verdict, Long> verdicts, long recorded, long notMounted, BytesByOrigin bytes) {
    public RecordCounts {
        var all = new EnumMap<Verdict, Long>(Verdict.class);
        for (Verdict verdict : Verdict.values()) {
            all.put(verdict, verdicts.getOrDefault(verdict, 0L));
        }
        verdicts = Collections.unmodifiableMap(all);
    }

    public long of(Verdict verdict) {
        return verdicts.getOrDefault(verdict, 0L);
    }

    /** Whether a file was found changed, damaged, missing or unreadable. */
    public boolean isAnyFailure() {
        return verdicts.entrySet().stream().anyMatch(count -> count.getKey().isFailure() && count.getValue() > 0);
    }

    /** Whether content of at least one file was compared with the catalog. */
    public boolean isAnyCompared() {
        return verdicts.entrySet().stream()
                .anyMatch(count -> count.getValue() > 0
                        && switch (count.getKey()) {
                            case NEW, UNSETTLED, LIVE, MISSING, UNREADABLE -> false;
                            default -> true;
                        });
    }
}
