// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.Command;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that connects while the service may open no more descriptors: accept(2) fails, and the client stays in its queue. */
class ServeWithoutDescriptorsIT {
    private static final long MEASURED_SECONDS = 3;

    /** Of the 300 that a thread that spins would take of an idle machine's core; at rest it is a few. */
    private static final long MAX_TICKS = 75;

    private static final int MAX_LINES = 12;
    private static final int AMPLE = 4096;
    private static final int PATIENCE_MILLIS = 60_000;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"http", "jmx"})
    void waitsUntilItCanAcceptAgain(String face) throws Exception {
        RunningService.configure(directory, "");
        try (var service = RunningService.start(directory)) {
            service.await("listens", () -> service.port("http") > 0 && service.port("jmx") > 0);
            long before = service.log().lines().count();
            limit(service, firstFree(service));
            try (var client = new Socket(InetAddress.getLoopbackAddress(), service.port(face))) {
                awaitRefusal(service, face);
                long ticks = ticks(service);
                TimeUnit.SECONDS.sleep(MEASURED_SECONDS);
                assertThat(ticks(service) - ticks).as("ticks").isLessThan(MAX_TICKS);
                assertThat(service.log().lines().count() - before)
                        .as(service.log())
                        .isLessThan(MAX_LINES);
                limit(service, AMPLE);
                if ("http".equals(face)) {
                    assertThat(answer(client)).isEqualTo("HTTP/1.1 200 OK");
                }
            }
            assertThat(service.ctl("status").exitCode()).isZero();
        }
    }

    /** Its end needs no descriptor, not even the first such end in the life of the service. */
    @Test
    void stillClosesAConnectionWithoutLogin() throws Exception {
        RunningService.configure(directory, "");
        try (var service = RunningService.start(directory)) {
            service.await("listens", () -> service.port("jmx") > 0);
            try (var silent = new Socket(InetAddress.getLoopbackAddress(), service.port("jmx"))) {
                TimeUnit.SECONDS.sleep(1); // it is accepted
                limit(service, firstFree(service));
                try (var another = new Socket(InetAddress.getLoopbackAddress(), service.port("jmx"))) {
                    assertThat(another.isConnected()).isTrue();
                    awaitRefusal(service, "jmx");
                    silent.setSoTimeout(PATIENCE_MILLIS);
                    assertThat(silent.getInputStream().read())
                            .as("end of input")
                            .isEqualTo(-1);
                }
                limit(service, AMPLE);
            }
            assertThat(service.log()).doesNotContain("Exception", "Error");
            assertThat(service.ctl("status").exitCode()).isZero();
        }
    }

    private static void awaitRefusal(RunningService service, String face) throws Exception {
        String line = face + ": cannot accept a connection: Too many open files; retrying in 250 ms";
        service.await("the log", () -> service.log().contains(line));
    }

    private static String answer(Socket client) throws IOException {
        client.setSoTimeout(PATIENCE_MILLIS);
        client.getOutputStream()
                .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        return new String(client.getInputStream().readNBytes(15), StandardCharsets.US_ASCII);
    }

    private static void limit(RunningService service, int descriptors) throws Exception {
        var unused = Command.run("prlimit", "--pid", service.pid(), "--nofile=" + descriptors + ":");
    }

    /** The limit is one above the largest number that may be given; numbers are given from below. */
    private static int firstFree(RunningService service) throws IOException {
        try (var entries = Files.list(Path.of("/proc", String.valueOf(service.pid()), "fd"))) {
            Set<Integer> open = entries.map(
                            entry -> Integer.valueOf(entry.getFileName().toString()))
                    .collect(Collectors.toSet());
            int free = 0;
            while (open.contains(free)) {
                free++;
            }
            return free;
        }
    }

    private static long ticks(RunningService service) throws IOException {
        String stat = Files.readString(Path.of("/proc", String.valueOf(service.pid()), "stat"));
        String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(words[11]) + Long.parseLong(words[12]);
    }
}
