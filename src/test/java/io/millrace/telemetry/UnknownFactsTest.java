// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What is not known is never told as a value: a number is -1, a text is null, and the attribute's description says so. */
class UnknownFactsTest {
    @Test
    void ofAPoolWhoseFileSystemDoesNotAnswer() throws Exception {
        PoolStatus known = Statuses.pool("wal", PoolState.READY, 4, 4);
        var unknown = new PoolStatus(
                known.spec(),
                known.state(),
                4,
                0,
                0,
                Optional.empty(),
                0,
                0,
                List.of(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty());
        assertThat(unknown(PoolInfo.class, new PoolInfoView(() -> unknown)))
                .containsExactlyInAnyOrder("getFreeBytes", "getReserveBytes", "getSecondsOfSpace", "getReason");
    }

    @Test
    void ofASourceThatNeverRan() throws Exception {
        var never = Statuses.source("logs", Optional.empty(), Optional.empty());
        assertThat(unknown(SourceInfo.class, new SourceInfoView(() -> never)))
                .contains("getLastDurationSeconds", "getLastFiles", "getLastBytes", "getLastGood", "getLastProblem");
    }

    @Test
    void ofAScanThatIsBeingCounted() throws Exception {
        ScanStatus known = Statuses.scan("logs-1", ScanState.RUNNING, 5, List.of());
        var unknown = new ScanStatus(
                known.id(),
                Optional.empty(),
                known.state(),
                known.started(),
                Optional.empty(),
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                known.read(),
                0,
                known.yielded(),
                known.stalled(),
                List.of(),
                known.effect(),
                known.policy(),
                Optional.empty());
        assertThat(unknown(ScanInfo.class, new ScanInfoView(() -> unknown)))
                .containsExactlyInAnyOrder("getSource", "getEnded", "getTotalBytes", "getError");
    }

    /** The getters that answer with -1 or null, each of which has to be described as one that may. */
    private static Set<String> unknown(Class<?> facts, Object view) throws Exception {
        Set<String> names = new TreeSet<>();
        for (Method getter : facts.getMethods()) {
            Object value = getter.invoke(view);
            if (value == null || value instanceof Number number && number.doubleValue() < 0) {
                String description = getter.getAnnotation(Description.class).value();
                assertThat(description).as(getter.getName()).contains(value == null ? "null" : "-1: not known");
                assertThat(value).as(getter.getName()).isIn(Arrays.asList(null, -1L, -1.0));
                names.add(getter.getName());
            }
        }
        return names;
    }
}
