// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.ScanScheduler.Assignment.Kind;
import io.millrace.scan.ScanScheduler.Assignment;
import io.millrace.scan.walk.DirectoryFrame;
import io.millrace.scan.walk.FileRun;
import io.millrace.scan.walk.SharedDirectory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an idle thread is given to do. */
class ScanSchedulerTest {
    @TempDir
    Path directory;

    private final ScanProgress progress = new ScanProgress(new CancellationToken());
    private final ScanScheduler scheduler = new ScanScheduler(2, 1, progress);

    /** A directory's files 100 to 100 + count. */
    private FileRun run(int count) throws Exception {
        var path = BytePath.of(directory.toString());
        var fd = LinuxPosix.create().files().open(path, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY));
        var items = IntStream.range(0, count)
                .mapToObj(i -> new DirectoryFrame.Item(("f" + i).getBytes(StandardCharsets.UTF_8), 0, null))
                .toList();
        return FileRun.of(100, new SharedDirectory(LinuxPosix.create().files().list(fd, path)), items);
    }

    private Assignment next(Assignment last) throws InterruptedException {
        return Objects.requireNonNull(scheduler.next(last, true));
    }

    @Test
    void readsTheEarliestRestBeforeNewFiles() throws Exception {
        FileRun run = run(10);
        FileRun late = run.split(3);
        FileRun early = run.split(4);
        assertThat(List.of(run.size(), early.nextSequence(), late.nextSequence()))
                .isEqualTo(List.of(3, 103L, 107L));
        scheduler.giveBack(late);
        scheduler.giveBack(early);
        Assignment first = next(null);
        assertThat(first.toReadOn()).isSameAs(early);
        Assignment second = next(null);
        assertThat(second.toReadOn()).isSameAs(late);
        assertThat(next(first).kind()).isEqualTo(Kind.NEXT_FILES);
        assertThat(late.next().path().display()).isEqualTo(directory + "/f7");
        for (FileRun each : List.of(run, early, late)) {
            each.release();
        }
    }

    @Test
    void readsRestsWhereNewFilesHaveToWait() throws Exception {
        scheduler.admitNewFiles(false);
        var waiter = new FutureTask<>(() -> next(null));
        var thread = new Thread(waiter);
        thread.start();
        while (!scheduler.isStarving()) {
            Thread.onSpinWait();
        }
        FileRun run = run(2);
        scheduler.giveBack(run);
        assertThat(waiter.get().toReadOn()).isSameAs(run);
        assertThat(scheduler.isStarving()).isFalse();
        run.release();
    }

    @Test
    void opensNoMoreFilesThanAllowedAndEndsWhenAllAreRead() throws Exception {
        Assignment one = next(null);
        Assignment two = next(null);
        var waiter = new FutureTask<>(() -> scheduler.next(null, true));
        var thread = new Thread(waiter);
        thread.start();
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        assertThat(scheduler.isStarving()).as("it may open none").isFalse();
        scheduler.allWalked();
        assertThat(scheduler.next(one, false))
                .as("still has files to report")
                .extracting(Assignment::kind)
                .isEqualTo(Kind.REPORT);
        assertThat(scheduler.next(two, true)).isNull();
        assertThat(waiter.get()).isNull();
    }

    @Test
    void releasesTheRestOfARunOnceTheScanStops() throws Exception {
        FileRun run = run(4);
        progress.abandon();
        scheduler.giveBack(run); // or the directory stays open, which the fixture of this test would report
        scheduler.close();
    }
}
