// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.linux.LinuxPosix;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PoolStateNotifierTest {
    private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

    /** A pool whose space comes and goes changes its state without end: the log does not grow with it. */
    @Test
    void tellsNoMoreThanTwentyChangesInAMinute(@TempDir Path directory) throws Exception {
        try (var stage = new PoolStage(directory)) {
            stage.keep(stage.spec(1));
            stage.changes.clear();
            var news = new PoolStateNotifier("wal", stage, LinuxPosix.create());
            PoolStatus ready = stage.status();
            for (int i = 0; i < 20; i++) {
                assertThat(news.waitNanos(PoolState.FAILED)).isLessThanOrEqualTo(0);
                news.tell(ready);
            }
            assertThat(news.waitNanos(PoolState.FAILED)).isBetween(1L, MINUTE);
            assertThat(news.waitNanos(PoolState.READY)).isEqualTo(Long.MAX_VALUE);
            assertThat(stage.changes).hasSize(20);
        }
    }
}
