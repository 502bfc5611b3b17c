// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.testkit.CachedFile;
import io.millrace.testkit.FaultyPosix;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.TestWorker;
import io.millrace.worker.WorkerOutcome.Kind;
import io.millrace.worker.WorkerOutcome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * System calls that fail while workers are fed. Whatever fails, the scan ends, nothing wrong is called done, and no
 * descriptor, process or thread is left.
 */
class FedFaultsIT {
    private static final int FILES = 3;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final FaultyPosix faulty = new FaultyPosix(LinuxPosix.create());
    private final Map<String, String> right = new HashMap<>();

    @BeforeEach
    void writeFiles() throws Exception {
        var unused = CachedFile.random(directory.resolve("dense"), (1 << 20) + 1, 1);
        unused = CachedFile.random(directory.resolve("small"), 1000, 2);
        unused = CachedFile.sparse(directory.resolve("sparse"), 4 << 20, 3, 1 << 20);
        var run = ScanRun.with(DigestAlgorithm.SHA256);
        assertThat(run.of(directory).isGood()).isTrue();
        for (FileResult result : run.results()) {
            right.put(result.path().toString(), ScanRun.hex(result, DigestAlgorithm.SHA256));
        }
    }

    /** A process a file and a persistent one beside a digest; everything has the faulty calls. */
    private ScanRun feed(int retries) throws Exception {
        return feed(retries, faulty.posix());
    }

    private ScanRun feed(int retries, Posix scanning) throws Exception {
        try (var perFile = TestWorker.perFile("sha256sum").retries(retries).pool(faulty.posix());
                var persistent = TestWorker.habit().retries(retries).pool(faulty.posix())) {
            var run = ScanRun.with(DigestAlgorithm.SHA256)
                    .over(scanning)
                    .feeding(perFile, persistent)
                    .parallel(1);
            var unused = run.of(directory);
            assertThat(run.results()).hasSize(FILES).allSatisfy(this::isRightOrNamed);
            return run;
        } finally {
            faulty.heal();
        }
    }

    private void isRightOrNamed(FileResult result) {
        String sha256 = right.get(result.path().toString());
        if (result.error().isEmpty()) {
            assertThat(ScanRun.hex(result, DigestAlgorithm.SHA256)).isEqualTo(sha256);
        } else {
            assertThat(result.error().get()).contains("(E");
            assertThat(result.digests()).isEmpty();
        }
        for (WorkerOutcome outcome : result.workers()) {
            if (outcome.isDone()) {
                assertThat(outcome.output()).contains(sha256);
            } else {
                assertThat(outcome.reason()).as(outcome.toString()).isNotEmpty();
            }
        }
    }

    private static void isAllDone(ScanRun run) {
        assertThat(run.results())
                .hasSize(FILES)
                .allSatisfy(result ->
                        assertThat(result.isGood()).as(result.toString()).isTrue());
    }

    private static int mostAttempts(ScanRun run) {
        return run.results().stream()
                .flatMap(result -> result.workers().stream())
                .mapToInt(WorkerOutcome::attempts)
                .max()
                .orElseThrow();
    }

    @ParameterizedTest
    @CsvSource({
        "pipe,EMFILE",
        "setCapacityBytes,EPERM",
        "spawn,EAGAIN",
        "spliceFromFileNoWait,EIO",
        "spliceFromFileNoWait,EPIPE",
        "vmspliceNoWait,ENOMEM",
        "writeNoWait,EPIPE",
        "writeNoWait,ENOMEM",
        "readNoWait,EIO",
        "readNoWait,ENOMEM",
        "pread,EIO",
        "poll,ENOMEM",
        "pendingBytes,EBADF",
        "signalGroup,EPERM",
        "reap,EINVAL"
    })
    void nothingWrongIsCalledDoneWhicheverCallFails(String method, Errno errno) throws Exception {
        boolean struck = true;
        // The scan writes to and reads from a pipe of its own, which cannot fail.
        Posix scanning = method.matches("(read|write)NoWait") ? LinuxPosix.create() : faulty.posix();
        for (int call = 1; struck && call <= 42; call += call < 3 ? 1 : 13) {
            var fault = faulty.fail(method, errno).fromCall(call).times(1);
            var run = feed(0, scanning);
            struck = fault.injected() > 0;
            assertThat(struck || call > 1).as(method + " was never called").isTrue();
            if (!struck) {
                isAllDone(run);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void pagesThatCannotBeSplicedAreCopied(int call) throws Exception {
        var refused = faulty.fail("spliceFromFileNoWait", Errno.EINVAL).fromCall(call);
        isAllDone(feed(0));
        assertThat(refused.injected()).isPositive();
    }

    @ParameterizedTest
    @ValueSource(strings = {"spliceFromFileNoWait", "vmspliceNoWait", "writeNoWait", "readNoWait"})
    void whatWouldHaveToWaitIsTriedAgain(String method) throws Exception {
        var full = faulty.fail(method, Errno.EAGAIN).times(30);
        isAllDone(feed(0));
        assertThat(full.injected()).isPositive();
    }

    @ParameterizedTest
    @CsvSource({"spliceFromFileNoWait,4097", "vmspliceNoWait,999", "writeNoWait,13"})
    void bytesMayGoInSmallParts(String method, long lengthBytes) throws Exception {
        var cut = faulty.shorten(method, lengthBytes);
        isAllDone(feed(0));
        assertThat(cut.injected()).isGreaterThan(10);
    }

    @ParameterizedTest
    @CsvSource({"pipe,EMFILE,1", "pipe,EMFILE,3", "pipe,EMFILE,5", "spawn,EAGAIN,2"})
    void aStartThatFailsOnceIsTriedAgain(String method, Errno errno, int call) throws Exception {
        var fault = faulty.fail(method, errno).fromCall(call).times(1);
        var run = feed(1, LinuxPosix.create());
        assertThat(fault.injected()).isEqualTo(1);
        isAllDone(run);
        assertThat(mostAttempts(run)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"writeNoWait,1", "writeNoWait,2", "spliceFromFileNoWait,1", "spliceFromFileNoWait,9", "vmspliceNoWait,2"
    })
    void aPipeThatBreaksIsGivenUpAndAFreshProcessServes(String method, int call) throws Exception {
        var fault = faulty.fail(method, Errno.EPIPE).fromCall(call).times(1);
        var run = feed(1, LinuxPosix.create());
        assertThat(fault.injected()).isEqualTo(1);
        isAllDone(run);
        assertThat(mostAttempts(run)).isEqualTo(2);
    }

    @Test
    void withoutDescriptorsNothingStartsAndTheScanGoesOn() throws Exception {
        try (var pool = TestWorker.perFile("sha256sum").pool(faulty.posix())) {
            var emfile = faulty.fail("pipe", Errno.EMFILE);
            var run = ScanRun.with(DigestAlgorithm.SHA256).feeding(pool).parallel(1);
            var unused = run.of(directory);
            assertThat(emfile.injected()).isEqualTo(FILES);
            assertThat(run.results()).hasSize(FILES).allSatisfy(result -> {
                assertThat(result.error()).isEmpty();
                assertThat(result.workers().get(0).kind()).isEqualTo(Kind.NOT_STARTED);
                assertThat(result.workers().get(0).reason()).contains("Too many open files (EMFILE)");
                isRightOrNamed(result);
            });
        }
    }

    @Test
    void aSmallerPipeServesAsWell() throws Exception {
        var refused = faulty.fail("setCapacityBytes", Errno.EPERM);
        isAllDone(feed(0));
        assertThat(refused.injected()).isGreaterThanOrEqualTo(FILES + 1);
    }
}
