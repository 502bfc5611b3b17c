// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.scan.job.ScanState;
import io.millrace.telemetry.Samples;
import io.millrace.telemetry.StatusJson;
import io.millrace.telemetry.StatusObject;
import io.millrace.testkit.ChildJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** {@code millrace ctl} in a process of its own, against a service that remembers what it was told. */
class CtlIT extends CtlBeforeStandIn {

    /** Each of them, a string of words, in one process. */
    private ChildJvm batch(List<String> commands) {
        List<Object> all = new ArrayList<>();
        for (String command : commands) {
            if (!all.isEmpty()) {
                all.add(";");
            }
            all.addAll(describe(command.split(" ")));
        }
        return ChildJvm.of(CtlBatch.class, all.toArray());
    }

    @Test
    void showsHowTheServiceIs() throws Exception {
        var status = ctl("status");
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out())
                .contains(
                        "not ready, since ",
                        ": 1 problem\n  source backups is failing: 2 files failed\n",
                        "backups-1  running  25 %",
                        "wal   filling",
                        "  SPACE LASTS  ",
                        " 2 h  /srv/wal/ready",
                        "every 1d",
                        "index   persistent")
                .doesNotContain("\033");
    }

    @Test
    void ordersReachTheServiceAndItsAnswerIsSaid() throws Exception {
        var result = batch(List.of(
                        "scan start backups",
                        "scan start --digest sha256 --worker index /srv/a",
                        "scan rate --total 1GiB",
                        "scan rate backups-1 1MiB",
                        "scan pause backups-1",
                        "scan resume backups-1",
                        "scan cancel backups-1",
                        "pool claim wal /srv/wal/1",
                        "pool refill wal",
                        "pool resize wal 9",
                        "worker restart index",
                        "reload",
                        "stop"))
                .run();
        assertThat(service.told)
                .as(result.toString())
                .containsExactly(
                        "start backups",
                        "start [/srv/a] [SHA256] [index] 0",
                        "total rate 1073741824",
                        "rate 1048576 backups-1",
                        "pause backups-1",
                        "resume backups-1",
                        "cancel backups-1",
                        "claim wal /srv/wal/1",
                        "refill wal",
                        "resize wal 9",
                        "restart index",
                        "reload",
                        "stop");
        assertThat(result.out()).as("what programs want").isEqualTo("backups-2\nrequest-1\n/srv/wal/1\n");
        assertThat(result.err().lines().filter(line -> !line.equals("exit 0")))
                .hasSize(13)
                .allMatch(line -> line.startsWith("millrace: "))
                .contains(
                        "millrace: started scan backups-2; results: /var/lib/millrace/results/backups.ndjson, once it has finished",
                        "millrace: all scans: at most 1.00 GiB/s",
                        "millrace: claimed /srv/wal/1 from pool wal",
                        "millrace: reloaded: 1 pool changed");
    }

    @Test
    void everythingIsSaidInJsonToo() throws Exception {
        List<String> commands = List.of(
                "status --json",
                "scan list --json",
                "scan show backups-1 --json",
                "scan start backups --json",
                "scan pause backups-1 --json",
                "scan resume backups-1 --json",
                "scan rate backups-1 none --json",
                "scan cancel backups-1 --json",
                "pool list --json",
                "pool claim wal /srv/wal/1 --json",
                "pool refill wal --json",
                "pool resize wal 3 --json",
                "source list --json",
                "worker list --json",
                "worker restart index --json",
                "reload --json",
                "stop --json");
        String check =
                "import json,sys\n" + "for line in sys.stdin: print(json.loads(line, parse_constant=sys.exit)['type'])";
        var result = batch(commands)
                .under("bash", "-c", "\"$@\" | python3 -c \"$0\"; exit ${PIPESTATUS[1]}", check)
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.err()).doesNotContainPattern("exit [^0]");
        assertThat(result.out().replace('\n', ' '))
                .isEqualTo(
                        "scan pool source worker catalog summary " // status
                                + "scan summary scan summary start summary summary summary summary summary "
                                + "pool summary claim summary summary summary "
                                + "source summary worker summary summary summary summary ");
    }

    @Test
    void jsonIsByteForByteThatOfTheServiceAndHasEveryObjectOfALargeOne() throws Exception {
        for (int i = 0; i < 500; i++) {
            service.pools.put("pool-" + i, Samples.pool("pool-" + i, PoolState.READY, Optional.empty()));
            service.workers.put("worker-" + i, Samples.worker("worker-" + i));
            service.sources.put("source-" + i, Samples.source("source-" + i));
        }
        for (int i = 2; i < 166; i++) {
            ScanState state = i < 66 ? ScanState.RUNNING : ScanState.FINISHED;
            service.scans.put("backups-" + i, Samples.scan("backups-" + i, state, "/srv/" + "x".repeat(4000)));
        }
        var listed = batch(List.of("pool list --json", "worker list --json", "source list --json", "scan list --json"))
                .run();
        assertThat(listed.err()).as("all four").doesNotContainPattern("exit [^0]");
        assertThat(listed.out().lines().filter(line -> !line.startsWith("{\"type\":\"summary\"")))
                .hasSize(3 * 501 + 165)
                .contains(
                        typed("pool", StatusJson.pool(service.pools.get("pool-499"))),
                        typed("worker", StatusJson.worker(service.workers.get("worker-499"))),
                        typed("source", StatusJson.source(service.sources.get("source-499"))),
                        typed("scan", StatusJson.scan(service.scans.get("backups-165"))));
        var status = batch(List.of("status", "status --json", "scan show backups-165 --json"))
                .run();
        assertThat(status.err()).doesNotContainPattern("exit [^0]");
        assertThat(status.out().lines())
                .contains(
                        typed("scan", StatusJson.scan(service.scans.get("backups-65"))),
                        typed("scan", StatusJson.scan(service.scans.get("backups-165"))),
                        typed("worker", StatusJson.worker(service.workers.get("worker-0"))))
                .anyMatch(line -> line.startsWith("{\"type\":\"summary\",\"version\":1,\"at\":\"")
                        && line.contains("\"service\":{\"version\":\"0.1.0\",\"started\":\"2026-11-23T10:00:00Z\","));
    }

    private static String typed(String type, StatusObject object) {
        return "{\"type\":\"" + type + "\"," + object.toString().substring(1);
    }

    @Test
    void tellsAllOfOneScan() throws Exception {
        var shown = ctl("scan", "show", "backups-1");
        assertThat(shown.exitCode()).as(shown.toString()).isZero();
        assertThat(shown.out())
                .contains(
                        "scan:          backups-1\n",
                        "state:         running\n",
                        "files:         12, 1 failed, 2 changed, 3 failed by a worker\n",
                        "results:       /var/lib/millrace/results/backups.ndjson, once it has finished\n",
                        "read:          5.00 GiB of 20.0 GiB\n",
                        "rate:          200 MiB/s, 181 MiB/s from the device, limit 200 MiB/s\n",
                        "reading:       /srv/backups/<img src=x onerror=alert(1)>\n");
    }

    @Test
    void endsWithOneLineAndTheRightCodeWhereNothingCanBeDone() throws Exception {
        var result = batch(List.of(
                        "scan pause none",
                        "scan show none",
                        "scan start none",
                        "pool refill none",
                        "pool claim none /srv/x",
                        "pool claim wal /etc/passwd",
                        "scan start /etc",
                        "worker restart none",
                        "pool resize wal 100001",
                        "scan rate backups-1 fast"))
                .run();
        assertThat(result.out()).isEmpty();
        assertThat(result.err().replace("\nexit 1\n", "\n")).isEqualTo("""
                        millrace: there is no scan 'none'; there is backups-1
                        millrace: there is no scan 'none'; there is backups-1
                        millrace: there is no source 'none'; there is backups
                        millrace: there is no pool 'none'; there is wal
                        millrace: there is no pool 'none'; there is wal
                        millrace: /etc/passwd: renameat2: File exists (EEXIST)
                        millrace: /etc: is not below a configured root: /srv
                        millrace: there is no worker 'none'; there is index
                        millrace: a pool keeps 0 to 100000 files, not 100001
                        millrace: 'fast' is not a rate; write 200MiB/s, 1GB/s or none
                        """);
        assertThat(service.told).isEmpty();
        var usage = batch(List.of("scan", "pool resize wal many", "scan start --digest md5 backups", "scan rate 1MiB"))
                .run();
        assertThat(usage.err().lines().filter(line -> line.equals("exit 2")))
                .as(usage.toString())
                .hasSize(4);
        Path credential = directory.resolve("jmx.credential");
        Files.writeString(credential, Files.readString(credential).replace("password=", "password=X"));
        var stranger = ctl("stop");
        assertThat(stranger.exitCode()).as(stranger.toString()).isEqualTo(69);
        assertThat(stranger.err()).endsWith(" (wrong user or password)\n").hasLineCount(1);
        face.close();
        var gone = ctl("stop");
        assertThat(gone.exitCode()).as(gone.toString()).isEqualTo(69);
        assertThat(gone.err())
                .contains("no service found: ", "/jmx.credential does not exist\n")
                .hasLineCount(1);
        face = service.open(directory);
    }
}
