// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Launcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * {@code millrace serve} as a process of its own, which the test plays systemd to. It lives in a directory with its
 * configuration {@code millrace.yaml}, its {@code log}, and an empty {@code pool} and {@code src}. Killed when closed.
 */
public final class RunningService implements AutoCloseable {
    static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    private final Path directory;
    private final NotifySocket systemd;
    private final Process process;

    private RunningService(Path directory, NotifySocket systemd, Process process) {
        this.directory = directory;
        this.systemd = systemd;
        this.process = process;
    }

    /** Makes the directories and the configuration: its own directories, any free ports, and this. */
    public static Path configure(Path directory, String rest) throws IOException {
        for (String name : List.of("pool", "src")) {
            Files.createDirectories(directory.resolve(name));
        }
        String all = "state-directory: state\nruntime-directory: run\n"
                + (rest.contains("http:") ? "" : "http: { listen: 127.0.0.1:0 }\n")
                + (rest.contains("jmx:") ? "" : "jmx: { listen: 127.0.0.1:0 }\n")
                + rest;
        return Files.writeString(directory.resolve("millrace.yaml"), all);
    }

    /** Starts what is configured there, and waits until it is ready. */
    public static RunningService start(Path directory) throws IOException, InterruptedException {
        return start(directory, Map.of());
    }

    public static RunningService start(Path directory, Map<String, String> more)
            throws IOException, InterruptedException {
        Files.deleteIfExists(directory.resolve("notify"));
        var systemd = NotifySocket.open(directory.resolve("notify"));
        var environment = new HashMap<>(more);
        environment.put("NOTIFY_SOCKET", systemd.path().toString());
        var service = new RunningService(
                directory,
                systemd,
                Launcher.start(
                        directory.resolve("log"),
                        environment,
                        "serve",
                        "--config",
                        directory.resolve("millrace.yaml")));
        try {
            systemd.await("READY=1");
            return service;
        } catch (AssertionError | InterruptedException e) {
            service.close();
            throw new AssertionError(service.log(), e);
        }
    }

    /** Runs it where it is to refuse to start. */
    public static ChildJvm.Result refused(Path directory) throws IOException, InterruptedException {
        return Launcher.run("serve", "--config", directory.resolve("millrace.yaml"));
    }

    NotifySocket systemd() {
        return systemd;
    }

    public long pid() {
        return process.pid();
    }

    public ChildJvm.Result ctl(Object... words) throws IOException, InterruptedException {
        var all = new ArrayList<Object>(List.of("ctl"));
        all.addAll(List.of(words));
        all.addAll(List.of("--credential", directory.resolve("run/jmx.credential")));
        return Launcher.run(all.toArray());
    }

    void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, String.valueOf(pid()))
                        .start()
                        .waitFor()
                != 0) {
            throw new AssertionError("cannot be signalled\n" + log());
        }
    }

    /** Its exit code. Fails where it has not ended after so long. */
    int awaitExit(long seconds) throws IOException, InterruptedException {
        if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
            throw new AssertionError("still runs after " + seconds + " s\n" + log());
        }
        return process.exitValue();
    }

    /** All that it and those before it in this directory have said. */
    String log() throws IOException {
        return new String(Files.readAllBytes(directory.resolve("log")), StandardCharsets.UTF_8);
    }

    /** The last port that it said it listens on, {@code face} being http or jmx. */
    int port(String face) throws IOException {
        var line = Pattern.compile(face + ": listens on .*:(\\d+)\n").matcher(log());
        int port = -1;
        while (line.find()) {
            port = Integer.parseInt(line.group(1));
        }
        return port;
    }

    /** How many entries {@code fd} or {@code task} its directory in /proc has. */
    int count(String what) throws IOException {
        try (var entries = Files.list(Path.of("/proc", String.valueOf(pid()), what))) {
            return Math.toIntExact(entries.count());
        }
    }

    /** Something that comes to be, or fails in the end. */
    interface Condition {
        boolean holds() throws Exception;
    }

    void await(String what, Condition condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("never came: " + what + "\n" + log());
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
        systemd.close();
    }
}
