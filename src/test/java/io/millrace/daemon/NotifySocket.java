// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.testkit.TestWorker;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** systemd's end of sd_notify(3): hears what a service tells, a datagram a line. One thread; the opener closes it. */
final class NotifySocket implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(120);

    /** Sockets of this type are not for Java. */
    private static final String RECEIVER = """
            import socket, sys
            s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            s.bind(sys.argv[1])
            print("bound", flush=True)
            while True:
                print(s.recv(65536).decode().replace("\\n", "|"), flush=True)
            """;

    private final Path path;
    private final Process process;
    private final BlockingQueue<String> coming = new LinkedBlockingQueue<>();
    private final List<String> heard = new ArrayList<>();

    private NotifySocket(Path path, Process process) {
        this.path = path;
        this.process = process;
    }

    static NotifySocket open(Path path) throws IOException {
        Process process = new ProcessBuilder(TestWorker.python(), "-c", RECEIVER, path.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        var socket = new NotifySocket(path, process);
        BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
        if (!"bound".equals(out.readLine())) {
            throw new IOException(path + ": cannot be bound");
        }
        var reader = new Thread(() -> socket.read(out), "notify-socket");
        reader.setDaemon(true);
        reader.start();
        return socket;
    }

    private void read(BufferedReader out) {
        try (out) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                coming.add(line);
            }
        } catch (IOException e) {
            if (process.isAlive()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    Path path() {
        return path;
    }

    long pid() {
        return process.pid();
    }

    /** The next message that begins so, its lines parted by {@code |}; those before it are passed over. */
    String await(String begin) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            String message = coming.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (message == null) {
                throw new AssertionError("not told: " + begin + " after " + heard);
            }
            heard.add(message);
            if (message.startsWith(begin)) {
                return message;
            }
        }
    }

    /** A message with this in it, of those that were heard or else passed over for it. */
    String recall(String part) throws InterruptedException {
        for (String message : heard) {
            if (message.contains(part)) {
                return message;
            }
        }
        String message = await("");
        while (!message.contains(part)) {
            message = await("");
        }
        return message;
    }

    /** All that has come by now and was not awaited. */
    List<String> drain() {
        var rest = new ArrayList<String>();
        coming.drainTo(rest);
        return rest;
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }
}
