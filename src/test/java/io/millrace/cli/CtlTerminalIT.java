// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.prealloc.pool.PoolState;
import io.millrace.telemetry.Samples;
import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code millrace ctl} shows on a terminal that is narrower than its tables. */
class CtlTerminalIT extends CtlBeforeStandIn {
    private static final String REASON =
            "/var/lib/postgresql/15/main/pg_wal/ready has 12 GiB free, of which the reserve of 10% is 20 GiB";

    /** What a terminal of so many columns is sent. */
    private String shown(int columns, String noColour) throws Exception {
        Command.assumeExists("script");
        service.pools.put("big", Samples.pool("big", PoolState.STARVED, Optional.of(REASON)));
        Path typescript = directory.resolve("typescript");
        String terminal = "export SHELL=/bin/bash; script -qec \"stty cols " + columns + "; $(printf '%q ' \"$@\")\" "
                + typescript + " > /dev/null";
        var result = jvm("status")
                .environment("TERM", "xterm")
                .environment("NO_COLOR", noColour)
                .under("bash", "-c", terminal, "bash")
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        String seen = Files.readString(typescript);
        return seen.substring(seen.indexOf('\n') + 1, seen.lastIndexOf("\nScript done"))
                .replace("\r", "");
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 40})
    void saysWholeWhyWithinTheColumnsAndFirst(int columns) throws Exception {
        String seen = shown(columns, "1");

        assertThat(seen.lines()).allMatch(line -> line.length() <= columns);
        assertThat(seen.replaceAll("\\s", "")).contains(("pool big is starved: " + REASON).replace(" ", ""));
        assertThat(seen.indexOf("is starved")).isLessThan(seen.indexOf("POOL"));
        assertThat(seen).doesNotContain("\033");
    }

    @Test
    void whatIsWrongIsRedUnlessNobodyWantsColours() throws Exception {
        assertThat(shown(100, "")).contains("pool big is \033[31mstarved\033[0m: ", "  \033[31mstarved\033[0m  ");
    }

    @Test
    void aDestinationIsBelowTheWorkingDirectory() throws Exception {
        ChildJvm.Result result = jvm("pool", "claim", "wal", "sub/x")
                .under("bash", "-c", "cd " + directory + " && exec \"$@\"", "bash")
                .run();

        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(service.told).containsExactly("claim wal " + directory.toRealPath() + "/sub/x");
    }
}
