// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.scan.ReadFigures;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Statuses of scans that have read nothing, for listeners to which only the name and the state matter. */
public final class ScanStatuses {
    private ScanStatuses() {}

    public static ScanStatus of(String id, Optional<String> source, ScanState state, Optional<String> error) {
        return new ScanStatus(
                id,
                source,
                state,
                Instant.EPOCH,
                Optional.empty(),
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                ReadFigures.NONE,
                0,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                CacheEffect.NONE,
                CachePolicy.NEUTRAL,
                error);
    }
}
