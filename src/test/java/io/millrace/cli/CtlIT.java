// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.telemetry.JmxFace;
import io.millrace.telemetry.StandIn;
import io.millrace.testkit.ChildJvm;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code millrace ctl} in a process of its own, against a service that remembers what it was told. */
class CtlIT {
    @TempDir
    Path directory;

    private final StandIn service = new StandIn();
    private JmxFace face;

    @BeforeEach
    void open() throws Exception {
        face = service.open(directory);
    }

    @AfterEach
    void close() throws Exception {
        face.close();
    }

    private ChildJvm.Result ctl(String... words) throws Exception {
        List<Object> all = new ArrayList<>(List.of("ctl"));
        all.addAll(List.of(words));
        all.addAll(List.of("--credential", directory.resolve("jmx.credential")));
        return ChildJvm.of(Main.class, all.toArray()).run();
    }

    @Test
    void showsHowTheServiceIs() throws Exception {
        var status = ctl("status");
        assertThat(status.exitCode()).as(status.toString()).isZero();
        assertThat(status.out())
                .contains(
                        service.sentence(),
                        "backups-1  running  25 %",
                        "wal   filling",
                        "every 1d",
                        "index   persistent")
                .doesNotContain("\033");
        var json = ctl("pool", "list", "--json");
        assertThat(Json.lines(json.out()))
                .hasSize(2)
                .first()
                .satisfies(pool -> assertThat(pool.toString()).contains("name=wal", "ready=5", "target=8"));
    }

    @Test
    void ordersReachTheServiceAndItsAnswerIsSaid() throws Exception {
        assertThat(ctl("scan", "start", "backups").err()).isEqualTo("millrace: started scan backups-2\n");
        assertThat(ctl("scan", "start", "--digest", "sha256", "--worker", "index", "/srv/a")
                        .err())
                .isEqualTo("millrace: started scan request-1\n");
        assertThat(ctl("scan", "rate", "--total", "1GiB").err()).isEqualTo("millrace: all scans: at most 1.00 GiB/s\n");
        assertThat(ctl("pool", "claim", "wal", "/srv/wal/1").exitCode()).isZero();
        assertThat(ctl("worker", "restart", "index").exitCode()).isZero();
        assertThat(ctl("reload").err()).isEqualTo("millrace: reloaded: 1 pool changed\n");
        assertThat(service.told)
                .containsExactly(
                        "start backups",
                        "start [/srv/a] [SHA256] [index] 0",
                        "total rate 1073741824",
                        "claim wal /srv/wal/1",
                        "restart index",
                        "reload");
    }

    @Test
    void endsWithOneLineAndTheRightCodeWhereNothingCanBeDone() throws Exception {
        var unknown = ctl("scan", "pause", "none");
        assertThat(unknown.exitCode()).isEqualTo(1);
        assertThat(unknown.err()).isEqualTo("millrace: no scan is called none\n");
        assertThat(ctl("scan", "start", "--digest", "md5", "backups").exitCode())
                .isEqualTo(2);
        face.close();
        var gone = ctl("stop");
        assertThat(gone.exitCode()).as(gone.toString()).isEqualTo(69);
        assertThat(gone.err()).contains("(ENOENT); the service does not run\n").hasLineCount(1);
        face = service.open(directory);
    }
}
