// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.FaultyPosix;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call that a scan makes, failing at every time it is made: the scan ends, says what failed, reports no wrong
 * digest, and keeps no descriptor ({@link ScanRun} looks).
 */
class EveryFaultIT {
    @TempDir
    Path directory;

    private final Map<String, String> right = new HashMap<>();
    private CachedFile big;

    @BeforeEach
    void writeFiles() throws Exception {
        Path below = Files.createDirectory(directory.resolve("below"));
        big = CachedFile.random(directory.resolve("big"), 13 << 20, 1);
        var unused = CachedFile.random(below.resolve("small"), 100, 2);
        unused = CachedFile.sparse(below.resolve("sparse"), 9 << 20, 3, 4 << 20);
        var run = ScanRun.with(DigestAlgorithm.SHA256);
        assertThat(run.of(directory).isGood()).isTrue();
        run.results().forEach(result -> right.put(result.path().toString(), hex(result)));
        assertThat(right).hasSize(3);
    }

    private static String hex(FileResult result) {
        return ScanRun.hex(result, DigestAlgorithm.SHA256);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open",
                "openAt",
                "status",
                "fileSystem",
                "seekData",
                "seekHole",
                "pread",
                "preadDontCache",
                "fadvise",
                "cachestat",
                "mmap",
                "mincore"
            })
    void endsSaysWhatFailedAndReportsNoWrongDigest(String method) throws Exception {
        for (ReadStrategy strategy : ReadStrategy.values()) {
            boolean struck = true;
            for (int call = 1; struck && call <= 40; call += call < 12 ? 1 : 7) {
                var unused = big.evicted();
                var faulty = new FaultyPosix(LinuxPosix.create());
                var fault = faulty.fail(method, Errno.EIO).fromCall(call).times(1);
                var run = ScanRun.with(DigestAlgorithm.SHA256, DigestAlgorithm.CRC32C)
                        .over(faulty.posix())
                        .strategy(strategy);
                var summary = run.of(directory);
                struck = fault.injected() > 0;
                check(run, summary, struck, method + " number " + call + " with " + strategy);
            }
        }
    }

    private void check(ScanRun run, ScanSummary summary, boolean struck, String what) {
        for (FileResult result : run.results()) {
            if (result.error().isEmpty()) {
                assertThat(hex(result))
                        .as(what)
                        .isEqualTo(right.get(result.path().toString()));
            } else {
                assertThat(result.error().get()).as(what).contains("Input/output error (EIO)");
                assertThat(result.digests()).as(what).isEmpty();
            }
        }
        assertThat(run.errors()).as(what).hasSize(struck ? 1 : 0);
        assertThat(summary.failed()).as(what).isEqualTo(struck ? 1 : 0);
        assertThat(summary.isGood()).as(what).isEqualTo(!struck);
        long told = run.results().stream().filter(FileResult::isGood).count();
        assertThat(summary.files()).as(what).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource({"pread,PLAIN", "preadDontCache,DONTCACHE"})
    void takesAFileThatEndsTooSoonForOneThatShrank(String method, ReadStrategy strategy) throws Exception {
        var unused = big.evicted();
        var faulty = new FaultyPosix(LinuxPosix.create());
        var cut = faulty.shorten(method, 1000).on("big").fromCall(3).times(1);
        var run = ScanRun.with(DigestAlgorithm.SHA256).over(faulty.posix()).strategy(strategy);
        var summary = run.of(directory);
        assertThat(cut.injected()).isEqualTo(1);
        assertThat(run.errors()).singleElement().asString().contains("/big: shrank while it was read: ends at byte ");
        assertThat(summary.files()).isEqualTo(2);
        assertThat(summary.failed()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"EOPNOTSUPP", "ENOSYS", "EINVAL"})
    void doesWithoutDontCacheAndCachestat(Errno errno) throws Exception {
        var unused = big.evicted();
        var faulty = new FaultyPosix(LinuxPosix.create());
        var dontCache = faulty.fail("preadDontCache", errno);
        var cachestat = faulty.fail("cachestat", errno);
        var run = ScanRun.with(DigestAlgorithm.SHA256).over(faulty.posix());
        var summary = run.of(directory);
        assertThat(dontCache.injected()).isPositive();
        assertThat(cachestat.injected()).isPositive();
        assertThat(summary.isGood()).isTrue();
        assertThat(summary.effect().dropBehindBytes()).isPositive();
        assertThat(summary.effect().dontCacheBytes()).isZero();
        assertThat(run.results())
                .allSatisfy(result -> assertThat(hex(result))
                        .isEqualTo(right.get(result.path().toString())));
        assertThat(big.residentBytes()).isZero();
    }

    @Test
    void changesItsWayWhereAFileLacksWhatItsMountHas() throws Exception {
        var unused = big.evicted();
        var faulty = new FaultyPosix(LinuxPosix.create());
        // The first call is the probe of the mount.
        var late = faulty.fail("preadDontCache", Errno.EOPNOTSUPP).fromCall(2);
        var run = ScanRun.with(DigestAlgorithm.SHA256).over(faulty.posix()).strategy(ReadStrategy.DONTCACHE);
        assertThat(run.of(big.path()).isGood()).isTrue();
        assertThat(late.injected()).isPositive();
        assertThat(hex(run.result())).isEqualTo(right.get(big.path().toString()));
        assertThat(big.residentBytes()).isZero();
    }
}
