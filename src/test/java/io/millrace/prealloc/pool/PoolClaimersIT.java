// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.testkit.Amount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four processes claim as fast as they can: {@code -Dmillrace.pool.claims=100000} for many. */
class PoolClaimersIT {
    private static final int CLAIMS = Amount.of("millrace.pool.claims", 500, 2_000, 20_000);
    private static final int PROCESSES = 4;
    private static final int READY = 64;
    private static final int FILE_BYTES = 1 << 20;

    @TempDir
    Path directory;

    @Test
    void nobodyGetsAFileTwiceOrOneThatIsNotWhole() throws Exception {
        try (var stage = new PoolStage(directory)) {
            var few = stage.spec(READY);
            stage.keep(new PoolSpec(
                    few.name(),
                    few.directory(),
                    FILE_BYTES,
                    READY,
                    few.names(),
                    few.fill(),
                    few.permissions(),
                    few.owner(),
                    few.group(),
                    few.reserve()));
            var claimers = new Claimers(Files.createDirectory(directory.resolve("claimers")));
            claimers.start(PROCESSES, stage.ready, CLAIMS / PROCESSES, FILE_BYTES);
            var result = claimers.await(600);
            System.out.println(result + "; " + stage.status());
            assertThat(result.names()).hasSize(CLAIMS / PROCESSES * PROCESSES).doesNotHaveDuplicates();
            await().untilAsserted(() ->
                    assertThat(stage.status().claims()).isEqualTo(result.names().size()));
            await().untilAsserted(() -> assertThat(stage.status().state()).isEqualTo(PoolState.READY));
            assertThat(stage.status().ready()).as("and no more ahead than that").isBetween(READY, 2 * READY);
            await().untilAsserted(() ->
                    assertThat(stage.names()).hasSize(stage.status().ready()));
            assertThat(stage.strangers).isEqualTo(List.of());
        }
    }
}
