// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.telemetry.jmx.client.ControlClient;
import io.millrace.testkit.Amount;
import io.millrace.testkit.Jrmp;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A service with the options that its unit gives the JVM, which ends it when its memory is full, under {@link
 * HostileMessages}, while its operator asks it once a second. {@code -Dmillrace.hostile=10000} for as many messages,
 * {@code -Dmillrace.seed=N} for the same ones again.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class HostileMessagesIT {
    /** After so many its operator's own questions have compiled what they compile. */
    private static final int USUAL_QUESTIONS = 70;

    private static final int MESSAGES = Amount.of("millrace.hostile", 50, 200, 10_000);
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());
    private static final int MAX_HELD = 300;
    private static final long MAX_GROWTH_KIB = 20 << 10;

    @TempDir
    Path directory;

    /** The JVM options of the unit, but for a file's name that systemd fills in. */
    private static Map<String, String> unitOptions() throws IOException {
        var options = Pattern.compile("Environment=\"MILLRACE_JAVA_OPTS=([^\"]*)\"")
                .matcher(Files.readString(Path.of("systemd/millrace.service")));
        assertThat(options.find()).isTrue();
        return Map.of("MILLRACE_JAVA_OPTS", options.group(1).replaceAll("-XX:ErrorFile=\\S+", ""));
    }

    private RunningService start() throws IOException, InterruptedException {
        Path access = Files.writeString(directory.resolve("access"), "looker readonly see me\n");
        Files.setPosixFilePermissions(access, PosixFilePermissions.fromString("rw-------"));
        RunningService.configure(directory, "jmx: { listen: 127.0.0.1:0, access: access }\n");
        return RunningService.start(directory, unitOptions());
    }

    private static long kib(RunningService service, String key) throws IOException {
        var line = Pattern.compile(key + ":\\s+(\\d+) kB")
                .matcher(Files.readString(Path.of("/proc", String.valueOf(service.pid()), "status")));
        assertThat(line.find()).isTrue();
        return Long.parseLong(line.group(1));
    }

    private String status() throws IOException {
        var credential = BytePath.of(directory.resolve("run/jmx.credential").toString());
        try (var client = ControlClient.connect(LinuxPosix.create(), credential)) {
            return client.daemon().getVersion();
        }
    }

    @Test
    void oneStringWithoutEndEndsNothing() throws Exception {
        try (var service = start()) {
            int port = service.port("jmx");
            byte[] letters = "A".repeat(1 << 20).getBytes(StandardCharsets.US_ASCII);
            for (byte[] call : List.of(
                    Jrmp.registryCall(2, out -> {}),
                    Jrmp.dgcCall(1, out -> {}),
                    Jrmp.newClient(Jrmp.lookUp(port), out -> {}))) {
                try (Socket socket = Jrmp.stream(port)) {
                    assertThatThrownBy(() -> {
                                socket.getOutputStream().write(Jrmp.hugeString(call, 300 << 20));
                                for (int i = 0; i < 300; i++) {
                                    socket.getOutputStream().write(letters);
                                }
                            })
                            .isInstanceOf(IOException.class);
                }
                assertThat(status()).isNotEmpty();
            }
            assertThat(service.log())
                    .contains("WARN jmx: closed the connection of 127.0.0.1:")
                    .doesNotContain("OutOfMemory");
            assertThat(service.ctl("stop").exitCode()).isZero();
            assertThat(service.awaitExit(60)).isIn(0, 143);
        }
    }

    @Test
    void nobodyGetsInAndNobodyElseNotices() throws Exception {
        System.out.println("HostileMessagesIT: seed " + SEED + ", " + MESSAGES + " messages");
        List<Socket> held = new ArrayList<>();
        var over = new AtomicBoolean();
        var asked = new AtomicLong();
        var slowestMillis = new AtomicLong();
        List<Throwable> failed = new ArrayList<>();
        try (var service = start()) {
            for (int i = 0; i < USUAL_QUESTIONS; i++) {
                assertThat(status()).isNotEmpty();
            }
            long usual = kib(service, "VmHWM");
            var operator = new Thread(() -> {
                while (!over.get()) {
                    long start = System.nanoTime();
                    try {
                        status();
                        asked.incrementAndGet();
                        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
                        slowestMillis.accumulateAndGet(millis, Math::max);
                        TimeUnit.SECONDS.sleep(1);
                    } catch (IOException | RuntimeException | InterruptedException e) {
                        failed.add(e);
                    }
                }
            });
            operator.start();
            try {
                sendAll(service, held);
            } finally {
                over.set(true);
                operator.join();
            }
            System.out.println("HostileMessagesIT: asked " + asked + " times, slowest answer after " + slowestMillis
                    + " ms, VmHWM " + usual + " -> " + kib(service, "VmHWM") + " KiB, " + service.count("task")
                    + " threads");
            assertThat(failed).as("seed " + SEED + "\n" + service.log()).isEmpty();
            assertThat(asked).hasPositiveValue();
            assertThat(slowestMillis).as("seed " + SEED).hasValueLessThan(60_000);
            assertThat(kib(service, "VmHWM")).as("seed " + SEED).isLessThan(usual + MAX_GROWTH_KIB);
            assertThat(service.log()).as("seed " + SEED).doesNotContain("OutOfMemory", " ERROR ", "Exception");
            assertThat(service.log().lines().count()).isLessThan(1000);
            assertThat(service.ctl("stop").exitCode()).isZero();
            assertThat(service.awaitExit(60)).isIn(0, 143);
        } finally {
            for (Socket socket : held) {
                socket.close();
            }
        }
    }

    private void sendAll(RunningService service, List<Socket> held) throws IOException {
        var messages = new HostileMessages(SEED, service.port("jmx"), service.port("http"));
        for (int i = 0; i < MESSAGES; i++) {
            String answer = new String(messages.sendOne(held), ISO_8859_1);
            assertThat(answer).as("seed " + SEED + ", message " + i).doesNotContain("RMIConnectionImpl_Stub");
            while (held.size() > MAX_HELD) {
                held.remove(0).close();
            }
        }
    }
}
