// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.Samples;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/** What goes on for as long as the scan, or the person at the terminal, likes. */
class CtlFollowIT extends CtlBeforeStandIn {
    private static final int ROWS = 14;
    private static final int COLUMNS = 60;
    private static final Duration PATIENCE = Duration.ofSeconds(240);

    /** Runs the words behind it in a process group of their own, and ends them by the signal once the file is there. */
    private static final String UNTIL =
            "set -m; signal=$1 flag=$2; shift 2; \"$@\" & p=$!; until [ -e $flag ]; do sleep 0.05; done;"
                    + " kill -$signal $p; wait $p";

    private ChildJvm.Result ended(String id, ScanState state, int failed, int workersFailed, String... words)
            throws Exception {
        var running = new FutureTask<>(() -> ctl(words));
        new Thread(running, "ctl").start();
        await().atMost(PATIENCE).until(() -> service.scans.containsKey(id));
        service.scans.put(id, Samples.scan(id, state, "", failed, workersFailed));
        return running.get();
    }

    @Test
    void waitsForAScanAndEndsAsItDoes() throws Exception {
        var good = ended("request-1", ScanState.FINISHED, 0, 0, "scan", "start", "--wait", "/srv/a");
        assertThat(good.exitCode()).as(good.toString()).isZero();
        assertThat(good.err())
                .isEqualTo("millrace: started scan request-1; results: /var/lib/millrace/results/request.ndjson,"
                        + " once it has finished\nmillrace: scan request-1: finished, 12 files, 0 failed\n");
        service.scans.clear();
        var bad = ended("backups-2", ScanState.FINISHED, 1, 0, "scan", "start", "--wait", "--json", "backups");
        assertThat(bad.exitCode()).as(bad.toString()).isEqualTo(1);
        assertThat(Json.lines(bad.out()))
                .satisfiesExactly(
                        scan -> assertThat(scan)
                                .containsEntry("state", "finished")
                                .containsEntry("failed", 1L),
                        summary -> assertThat(summary)
                                .containsEntry("message", "scan backups-2: finished, 12 files, 1 failed"));
        service.scans.clear();
        var unhappy = ended("request-1", ScanState.FINISHED, 0, 2, "scan", "start", "--wait", "/srv/a");
        assertThat(unhappy.exitCode()).as(unhappy.toString()).isEqualTo(1);
        service.scans.clear();
        var cancelled = ended("request-1", ScanState.CANCELLED, 0, 0, "scan", "start", "--wait", "/srv/a");
        assertThat(cancelled.exitCode()).as(cancelled.toString()).isEqualTo(1);
    }

    /** Lets a command that was begun {@link #UNTIL} go on until it has asked so many times. */
    private ChildJvm.Result interruptedAfter(int questions, Path flag, ChildJvm command) throws Exception {
        var running = new FutureTask<>(command::run);
        new Thread(running, "ctl").start();
        try {
            await().atMost(PATIENCE).until(() -> service.asked.get() >= questions);
        } finally {
            Files.createFile(flag);
        }
        return running.get();
    }

    @Test
    void aSignalEndsTheWaitingAndNotTheScan() throws Exception {
        Path flag = directory.resolve("flag");
        var command = jvm("scan", "start", "--wait", "--progress=always", "backups")
                .under("bash", "-c", UNTIL, "bash", "TERM", flag.toString());
        var result = interruptedAfter(4, flag, command);
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(143);
        assertThat(result.err())
                .contains("25%  12 files  5.00 GiB of 20.0 GiB")
                .contains("millrace: scan backups-2 goes on in the service\n");
        assertThat(service.told).containsExactly("start backups");
    }

    @Test
    void isDrawnOneBelowTheOtherOnADumbTerminal() throws Exception {
        String seen = watched("dumb");
        assertThat(seen).doesNotContain("\033");
        assertThat(seen.lines().filter(line -> line.startsWith("millrace 0.1.0")))
                .hasSizeGreaterThan(1);
    }

    @Test
    void isDrawnInPlaceHoweverMuchThereIs() throws Exception {
        for (int i = 0; i < 2 * ROWS; i++) {
            service.pools.put("p" + i, Samples.pool("p" + i, PoolState.READY, Optional.empty()));
        }
        String sent = watched("xterm");
        assertThat(sent.split("\033\\[\\d+A", -1)).as("drawn again each second").hasSizeGreaterThan(2);
        var screen = Screen.of(ROWS, sent);
        assertThat(screen.scrolled()).isZero();
        assertThat(screen.lines())
                .filteredOn(line -> line.startsWith("millrace 0.1.0"))
                .hasSize(1);
        assertThat(screen.lines())
                .allMatch(line -> line.length() < COLUMNS)
                .anyMatch(line -> line.matches("\\(\\d+ more lines; .*"));
    }

    /** What a terminal of that kind is sent until the service was asked eight times, twice for each drawing. */
    private String watched(String kind) throws Exception {
        Command.assumeExists("script");
        Path typescript = directory.resolve("typescript");
        Path flag = directory.resolve("flag");
        Path script = Files.writeString(
                directory.resolve("script.sh"),
                "stty rows " + ROWS + " cols " + COLUMNS + "; set -- INT " + flag + " \"$@\"; " + UNTIL + "\n");
        String terminal = "export SHELL=/bin/bash; script -qec \"bash " + script + " $(printf '%q ' \"$@\")\" "
                + typescript + " > /dev/null";
        var result = interruptedAfter(
                8, flag, jvm("status", "--watch").environment("TERM", kind).under("bash", "-c", terminal, "bash"));
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(130);
        String seen = Files.readString(typescript);
        return seen.substring(seen.indexOf('\n') + 1, seen.lastIndexOf("\nScript done"));
    }
}
