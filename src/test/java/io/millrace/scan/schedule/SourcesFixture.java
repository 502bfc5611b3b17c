// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.ReadFigures;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.Skipped;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Schedules kept by a clock that the test moves, with scans that only note that they were begun. */
abstract class SourcesFixture {
    static final Instant START = Instant.parse("2026-11-23T12:00:00Z");
    static final Schedule HOURLY = new Schedule.Every(Duration.ofHours(1));
    static final Schedule NEVER = new Schedule.Never();

    @TempDir
    Path state;

    final TestClock clock = new TestClock();
    final List<String> begun = new CopyOnWriteArrayList<>();
    volatile Optional<RuntimeException> refusal = Optional.empty();
    volatile boolean outOfThreads;
    final List<SourceScheduler> opened = new ArrayList<>();

    static final class TestClock extends Clock {
        volatile Instant now = START;

        @Override
        public ZoneId getZone() {
            return ZoneId.of("Europe/Berlin");
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return now;
        }
    }

    @AfterEach
    void close() {
        opened.forEach(SourceScheduler::close);
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .doesNotContain("millrace-sources");
    }

    SourceScheduler open(Posix posix) {
        var sources = new SourceScheduler(posix, BytePath.of(state.toString()), this::begin, clock);
        opened.add(sources);
        return sources;
    }

    SourceScheduler open(SourceSpec... specs) {
        var sources = open(LinuxPosix.create());
        sources.apply(List.of(specs));
        return sources;
    }

    String begin(ScanRequest request) {
        if (refusal.isPresent()) {
            throw refusal.get();
        }
        if (outOfThreads) {
            throw new OutOfMemoryError("unable to create native thread");
        }
        String name = request.source().orElseThrow();
        begun.add(name);
        return name + "-" + begun.size();
    }

    static SourceSpec source(String name, Schedule schedule, boolean atStart) {
        var options = new ScanOptions(
                Set.of(), ReadPlan.Wish.of(CachePolicy.NEUTRAL), 1, ScanOptions.DEFAULT_READ_BYTES, Optional.empty());
        var request = new ScanRequest(
                Optional.of(name),
                List.of(BytePath.of("/srv")),
                Optional.empty(),
                FileFilter.ALL,
                FileOrder.DIRECTORY,
                options,
                List.of(),
                RateLimiter.UNLIMITED,
                OptionalDouble.empty());
        return new SourceSpec(name, request, schedule, atStart, 1);
    }

    static SourceSpec source(String name, Schedule schedule) {
        return source(name, schedule, false);
    }

    void end(SourceScheduler sources, String id, ScanState how, long failed) {
        end(sources, id, how, failed, 3);
    }

    void end(SourceScheduler sources, String id, ScanState how, long failed, long files) {
        String name = id.substring(0, id.lastIndexOf('-'));
        var status = new ScanStatus(
                id,
                Optional.of(name),
                how,
                START,
                Optional.of(clock.now),
                files,
                failed,
                0,
                0,
                0,
                OptionalLong.empty(),
                ReadFigures.NONE,
                RateLimiter.UNLIMITED,
                Duration.ZERO,
                Duration.ZERO,
                List.of(),
                CacheEffect.NONE,
                CachePolicy.NEUTRAL,
                Optional.empty());
        boolean stopped = how == ScanState.CANCELLED;
        var summary = new ScanSummary(files, failed, 0, 0, Skipped.NONE, 0, 1, CacheEffect.NONE, 0, stopped, Set.of());
        sources.scanListener().ended(status, how == ScanState.FAILED ? Optional.empty() : Optional.of(summary));
    }

    void go(SourceScheduler sources, Duration ahead) {
        clock.now = clock.now.plus(ahead);
        sources.wake();
    }

    static SourceStatus only(SourceScheduler sources) {
        assertThat(sources.statuses()).hasSize(1);
        return sources.statuses().get(0);
    }

    static SourceStatus awaitOnly(SourceScheduler sources, Predicate<SourceStatus> until) {
        await().until(() -> until.test(only(sources)));
        return only(sources);
    }
}
