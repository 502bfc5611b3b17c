// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.telemetry.ListenAddress;
import io.millrace.telemetry.RateLimitedLog;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ConnectionTableTest {
    private static final String WATCH = "millrace-jmx-connections";

    /** In 1 s: four with a look every 250 ms. */
    private static final int MAX_WAITS = 3;

    private static final int PATIENCE_MILLIS = 60_000;

    /** How often the only watch of this process has begun to wait. */
    private static long waits() {
        var threads = ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds()))
                .filter(thread -> thread != null && WATCH.equals(thread.getThreadName()))
                .mapToLong(thread -> thread.getWaitedCount())
                .sum();
    }

    @Test
    void restsWhileNobodyIsConnectedAndStillClosesWhoeverDoesNotLogIn() throws Exception {
        var admission = new Admission(
                new RequestBudget(), new RateLimitedLog("jmx", LoggerFactory.getLogger(ConnectionTableTest.class)));
        var listen = new ListenAddress(InetAddress.getLoopbackAddress(), 0);
        try (JmxServerSocket door = JmxServerSocket.open(listen, Optional.empty(), admission)) {
            TimeUnit.MILLISECONDS.sleep(100); // the watch has begun to wait, as a rule
            long before = waits();
            TimeUnit.SECONDS.sleep(1); // that nothing happens shows only with time
            long rested = waits();
            assertThat(rested - before).isLessThan(MAX_WAITS);
            long began = System.nanoTime();
            try (var client = new Socket(InetAddress.getLoopbackAddress(), door.getLocalPort());
                    var accepted = door.accept()) {
                client.setSoTimeout(PATIENCE_MILLIS);
                assertThat(client.getInputStream().read()).as("end of input").isEqualTo(-1);
                assertThat(accepted.isClosed()).isTrue();
            }
            assertThat(System.nanoTime() - began)
                    .isGreaterThanOrEqualTo(ConnectionTable.LOGIN_TIME.toNanos() - TimeUnit.SECONDS.toNanos(1));
            assertThat(waits() - rested).as("looks at the connection").isGreaterThan(MAX_WAITS);
        }
    }
}
