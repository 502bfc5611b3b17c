// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.beans;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.scan.catalog.CatalogStatus;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.telemetry.CatalogInfo;
import io.millrace.telemetry.CatalogJson;
import io.millrace.telemetry.Description;
import io.millrace.telemetry.HealthProblem;
import io.millrace.telemetry.PoolInfo;
import io.millrace.telemetry.ProblemInfo;
import io.millrace.telemetry.Samples;
import io.millrace.telemetry.ScanInfo;
import io.millrace.telemetry.SourceInfo;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.StatusObject;
import io.millrace.telemetry.Statuses;
import io.millrace.telemetry.WorkerInfo;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The attributes of JMX are the keys of the JSON objects, and the other way round. */
class StatusAttributesTest {
    private static final PoolStatus POOL = Samples.pool(PoolState.STARVED, Optional.of("ENOSPC"));
    private static final ScanStatus SCAN = Samples.scan("backups-1", ScanState.FINISHED, "/srv/a");

    static List<Arguments> objects() {
        return List.of(
                Arguments.of(ScanInfo.class, StatusJson.scan(SCAN)),
                Arguments.of(PoolInfo.class, StatusJson.pool(POOL)),
                Arguments.of(WorkerInfo.class, StatusJson.worker(Samples.worker("index"))),
                Arguments.of(SourceInfo.class, StatusJson.source(Samples.source("logs"))),
                Arguments.of(
                        SourceInfo.class,
                        StatusJson.source(Statuses.source("logs", Optional.of(Statuses.NOW), Optional.empty()))),
                Arguments.of(CatalogInfo.class, CatalogJson.catalog(CatalogStatus.OFF)),
                Arguments.of(
                        ProblemInfo.class, StatusJson.problem(new HealthProblem("pool", "wal", "pool wal is starved"))),
                Arguments.of(ProblemInfo.class, StatusJson.problem(new HealthProblem("service", null, "no port"))));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void eachKeyIsAnAttributeAndEachAttributeAKey(Class<?> face, StatusObject object) throws Exception {
        assertSame(face, object);
    }

    private static void assertSame(Class<?> face, StatusObject object) throws Exception {
        var keys = Arrays.stream(face.getMethods()).map(StatusAttributes::key).toList();
        assertThat(keys).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(object.keys());
        Object attributes = StatusAttributes.of(face, object);
        for (Method getter : face.getMethods()) {
            Object value = getter.invoke(attributes);
            Object expected = object.get(StatusAttributes.key(getter));
            if (expected instanceof StatusObject inner) {
                assertSame(getter.getReturnType(), inner);
            } else {
                assertThat(value instanceof Object[] many ? List.of(many) : value)
                        .as(getter.getName())
                        .isEqualTo(expected);
            }
            assertThat(getter.getAnnotation(Description.class).value()).matches("[A-Za-z].{8,}");
        }
    }

    @Test
    void aPoolWhoseFileSystemDoesNotAnswerHasNoFreeSpace() throws Exception {
        var unknown = new PoolStatus(
                POOL.spec(),
                POOL.state(),
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
        assertThat(unknown(PoolInfo.class, StatusJson.pool(unknown)))
                .containsExactlyInAnyOrder("free_bytes", "reserve_bytes", "space_seconds", "reason");
    }

    @Test
    void aSourceThatNeverRanHasNoLastRun() throws Exception {
        var never = Statuses.source("logs", Optional.empty(), Optional.empty());
        assertThat(unknown(SourceInfo.class, StatusJson.source(never)))
                .containsExactlyInAnyOrder("active_scan", "last_started", "last_good", "last_problem", "last_run");
    }

    @Test
    void aScanWhoseFilesAreBeingCountedHasNoTotal() throws Exception {
        var unknown = new ScanStatus(
                SCAN.id(),
                Optional.empty(),
                SCAN.state(),
                SCAN.started(),
                Optional.empty(),
                0,
                0,
                0,
                0,
                0,
                OptionalLong.empty(),
                SCAN.read(),
                0,
                SCAN.yielded(),
                SCAN.stalled(),
                List.of(),
                SCAN.effect(),
                SCAN.policy(),
                Optional.empty());
        assertThat(unknown(ScanInfo.class, StatusJson.scan(unknown)))
                .containsExactlyInAnyOrder("source", "ended", "total_bytes", "error");
    }

    /** The keys without a value, each of which has to be described as one that may have none. */
    private static Set<String> unknown(Class<?> face, StatusObject object) throws Exception {
        Set<String> keys = new TreeSet<>();
        for (Method getter : face.getMethods()) {
            if (getter.invoke(StatusAttributes.of(face, object)) == null) {
                assertThat(getter.getAnnotation(Description.class).value())
                        .as(getter.getName())
                        .contains("null");
                keys.add(StatusAttributes.key(getter));
            }
        }
        return keys;
    }

    @Test
    void timesAreUtcToTheSecond() {
        String document = Stream.of(StatusJson.scan(SCAN), StatusJson.worker(Samples.worker("index")))
                .map(StatusObject::toString)
                .reduce("", String::concat);
        assertThat(document)
                .contains(
                        "\"started\":\"2026-11-23T10:00:00Z\"",
                        "\"ended\":\"2026-11-23T10:01:30Z\"",
                        "\"last_reason_at\":\"2026-11-23T10:00:00Z\"");
    }
}
