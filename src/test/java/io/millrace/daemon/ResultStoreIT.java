// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.CacheEffect;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.FileResult;
import io.millrace.scan.ScanSummary;
import io.millrace.scan.job.ScanState;
import io.millrace.scan.job.ScanStatus;
import io.millrace.scan.walk.Skipped;
import io.millrace.testkit.FaultyPosix;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultStoreIT {
    @TempDir
    private Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());

    private ResultStore results() {
        return new ResultStore(faulty.posix(), BytePath.of(directory.toString()));
    }

    private static ScanStatus status(String id, Optional<String> source, ScanState state) {
        return ScanStatuses.of(id, source, state, Optional.empty());
    }

    private static final ScanSummary SUMMARY =
            new ScanSummary(1, 0, 0, 0, Skipped.NONE, 5, 1.0, CacheEffect.NONE, 0, false, Set.of());

    private static FileResult file(String name) {
        return new FileResult(BytePath.of(name), 5, Map.of(), List.of(), 0.5, Optional.empty(), Optional.empty());
    }

    private void scan(ResultStore results, String id, ScanState end, int files) {
        results.started(status(id, Optional.of("backups"), ScanState.RUNNING));
        for (int i = 0; i < files; i++) {
            results.fileFinished(id, file("/srv/" + i));
        }
        results.ended(status(id, Optional.of("backups"), end), Optional.of(SUMMARY));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> all = Files.list(directory)) {
            return all.map(path -> path.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void keepsEveryFileAndTheSummaryOfTheLastWholeScan() throws Exception {
        scan(results(), "backups-1", ScanState.FINISHED, 1);
        scan(results(), "backups-2", ScanState.FINISHED, 10_000);
        scan(results(), "backups-3", ScanState.CANCELLED, 3);
        assertThat(names()).containsExactly("backups.ndjson");
        List<String> lines = Files.readAllLines(directory.resolve("backups.ndjson"));
        assertThat(lines).hasSize(10_001);
        assertThat(lines.get(9_999))
                .isEqualTo("{\"type\":\"file\",\"path\":\"/srv/9999\",\"bytes\":5,\"digests\":{},\"workers\":[],"
                        + "\"seconds\":0.5,\"changed\":false,\"error\":null}");
        assertThat(lines.get(10_000)).startsWith("{\"type\":\"summary\",\"files\":1,");
    }

    @Test
    void removesWhatAServiceThatWasKilledHasLeft() throws Exception {
        for (String name : List.of("backups-7.part", "request-1.part", "backups.ndjson", "a.part.ndjson")) {
            Files.writeString(directory.resolve(name), "{}");
        }
        ResultStore results = results();
        assertThat(names()).containsExactly("a.part.ndjson", "backups.ndjson");
        scan(results, "backups-7", ScanState.FINISHED, 1);
        assertThat(Files.readAllLines(directory.resolve("backups.ndjson"))).hasSize(2);
    }

    @Test
    void losesResultsButNoScanWhenTheDiskIsFull() throws Exception {
        scan(results(), "backups-1", ScanState.FINISHED, 1);
        var full = faulty.fail("write", Errno.ENOSPC);
        scan(results(), "backups-2", ScanState.FINISHED, 10_000);
        assertThat(full.injected()).isPositive();
        assertThat(names()).containsExactly("backups.ndjson");
        assertThat(Files.readAllLines(directory.resolve("backups.ndjson"))).hasSize(2);
    }

    @Test
    void losesResultsButNoScanWhenNoFileCanBeMade() throws Exception {
        var refused = faulty.fail("createAt", Errno.EACCES);
        scan(results(), "backups-1", ScanState.FINISHED, 1);
        assertThat(refused.injected()).isEqualTo(1);
        assertThat(names()).isEmpty();
    }

    @Test
    void keepsTheFormerResultsWhenTheNewOnesCannotBeSynced() throws Exception {
        scan(results(), "backups-1", ScanState.FINISHED, 1);
        var failed = faulty.fail("fsync", Errno.EIO);
        scan(results(), "backups-2", ScanState.FINISHED, 2);
        assertThat(failed.injected()).isPositive();
        assertThat(names()).containsExactly("backups.ndjson");
        assertThat(Files.readAllLines(directory.resolve("backups.ndjson"))).hasSize(2);
    }
}
