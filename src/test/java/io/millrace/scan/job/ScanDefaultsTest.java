// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.IoPriority;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Whose word counts, the request's or the service's. */
class ScanDefaultsTest {
    private static final Optional<IoPriority> IDLE = Optional.of(IoPriority.parse("idle"));
    private static final Optional<IoPriority> LOW = Optional.of(IoPriority.parse("best-effort:7"));

    private static ScanRequest request(Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
        return request(Optional.of("backups"), 3, ioPriority, yieldAbove);
    }

    private static ScanRequest request(
            Optional<String> source, int parallel, Optional<IoPriority> ioPriority, OptionalDouble yieldAbove) {
        return new ScanRequest(
                source,
                List.of(BytePath.of("/srv")),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.INODE,
                new ScanOptions(
                        Set.of(DigestAlgorithm.MD5), ReadPlan.Wish.of(CachePolicy.DROP), parallel, 1 << 20, ioPriority),
                List.of("index"),
                77,
                yieldAbove);
    }

    @Test
    void areGivenToARequestThatSaysNothingOfThem() {
        var silent = request(Optional.empty(), OptionalDouble.empty());
        assertThat(new ScanDefaults(OptionalInt.of(9), IDLE, OptionalDouble.of(0.2)).of(silent))
                .isEqualTo(request(IDLE, OptionalDouble.of(0.2)));
        assertThat(ScanDefaults.NONE.of(silent)).isEqualTo(silent);
    }

    @Test
    void sayHowManyFilesAreReadWhereNoSourceDoes() {
        var asked = request(Optional.empty(), 3, LOW, OptionalDouble.of(0.7));
        assertThat(new ScanDefaults(OptionalInt.of(9), IDLE, OptionalDouble.of(0.2)).of(asked))
                .isEqualTo(request(Optional.empty(), 9, LOW, OptionalDouble.of(0.7)));
        assertThat(ScanDefaults.NONE.of(asked)).isEqualTo(asked);
    }

    @Test
    void giveWayToWhatTheRequestSays() {
        var usual = new ScanDefaults(OptionalInt.of(9), IDLE, OptionalDouble.of(0.2));
        assertThat(usual.of(request(LOW, OptionalDouble.empty()))).isEqualTo(request(LOW, OptionalDouble.of(0.2)));
        assertThat(usual.of(request(Optional.empty(), OptionalDouble.of(0.7))))
                .isEqualTo(request(IDLE, OptionalDouble.of(0.7)));
    }
}
