// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.millrace.testkit.Jrmp;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.rmi.dgc.Lease;
import java.rmi.dgc.VMID;
import java.rmi.server.ObjID;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.Vector;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What somebody without a credential sends to the two ports of a service: every message of JRMP and requests of HTTP,
 * with fields that are huge, nested, cut, repeated or garbage. The same seed gives the same messages.
 */
final class HostileMessages {
    private static final int TIMEOUT_MILLIS = 50;
    private static final long MAX_SECONDS = 5;
    private static final int MAX_HUGE_BYTES = 8 << 20;
    private static final List<String> PATHS =
            List.of("/", "/metrics", "/healthz", "/readyz", "/events", "/page/page.js");
    private static final List<String> FIELDS = List.of(
            "Host: localhost",
            "Content-Length: 5",
            "Content-Length: -1",
            "Transfer-Encoding: chunked",
            "Expect: 100-continue",
            "Connection: upgrade",
            "Range: bytes=0-9999999999",
            "Accept: */*",
            " folded",
            ":",
            "X\0Y: z",
            "Host: evil");

    private final Random random;
    private final int jmxPort;
    private final int httpPort;
    private final byte[] server;
    private final byte[] huge = new byte[1 << 16];

    HostileMessages(long seed, int jmxPort, int httpPort) throws IOException {
        this.random = new Random(seed);
        this.jmxPort = jmxPort;
        this.httpPort = httpPort;
        this.server = Jrmp.lookUp(jmxPort);
        Arrays.fill(huge, (byte) 'A');
    }

    /** Sends one more; returns what came back, at most some KiB of it, and leaves the connection open in {@code held}. */
    byte[] sendOne(List<Socket> held) throws IOException {
        boolean http = random.nextInt(4) == 0;
        Socket socket = Jrmp.connect(http ? httpPort : jmxPort);
        var sent = new CompletableFuture<@Nullable Void>(); // the service need not read what follows, as behind /events
        var unused = sent.orTimeout(MAX_SECONDS, TimeUnit.SECONDS).exceptionally(late -> close(socket));
        socket.setSoTimeout(TIMEOUT_MILLIS);
        boolean holds = random.nextInt(8) == 0;
        if (holds) {
            held.add(socket); // and says or reads nothing more
        }
        try {
            send(socket.getOutputStream(), http ? httpMessage() : jmxMessage());
            if (random.nextInt(3) == 0) {
                sendHuge(socket.getOutputStream());
            }
            return read(socket.getInputStream());
        } catch (IOException e) {
            return new byte[0]; // cut off
        } finally {
            sent.complete(null);
            if (!holds) {
                socket.close();
            }
        }
    }

    private static @Nullable Void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return null;
    }

    private void send(OutputStream out, byte[] message) throws IOException {
        if (random.nextInt(10) == 0) { // in pieces
            for (int at = 0; at < message.length; at += 7) {
                out.write(message, at, Math.min(7, message.length - at));
            }
        } else {
            out.write(message);
        }
    }

    private void sendHuge(OutputStream out) throws IOException {
        for (int sent = 0; sent < MAX_HUGE_BYTES; sent += huge.length) {
            out.write(huge);
        }
    }

    private static byte[] read(InputStream in) throws IOException {
        var all = new ByteArrayOutputStream();
        byte[] buffer = new byte[4096];
        try {
            for (int count = in.read(buffer); count > 0 && all.size() < 1 << 16; count = in.read(buffer)) {
                all.write(buffer, 0, count);
            }
        } catch (IOException e) {
            // it has said all it will, or has closed the connection
        }
        return all.toByteArray();
    }

    private byte[] jmxMessage() {
        var message = new ByteArrayOutputStream();
        message.writeBytes(random.nextInt(10) == 0 ? Jrmp.SINGLE : Jrmp.STREAM);
        message.writeBytes(random.nextInt(20) == 0 ? new byte[] {(byte) 0xff, (byte) 0xff} : Jrmp.ENDPOINT);
        int calls = 1 + random.nextInt(random.nextInt(20) == 0 ? 200 : 3);
        byte[] call = mutated(jmxCall());
        for (int i = 0; i < calls; i++) {
            message.writeBytes(call);
            call = random.nextBoolean() ? call : mutated(jmxCall());
        }
        return message.toByteArray();
    }

    private byte[] jmxCall() {
        return switch (random.nextInt(8)) {
            case 0 -> new byte[] {Jrmp.PING};
            case 1 ->
                ByteBuffer.allocate(15)
                        .put(Jrmp.DGC_ACK)
                        .putLong(random.nextLong())
                        .array();
            case 2, 3 -> Jrmp.registryCall(random.nextInt(6) - 1, this::arguments);
            case 4 -> Jrmp.dgcCall(random.nextInt(3) - 1, this::leases);
            case 5 -> Jrmp.call(garbage(22), random.nextInt(4) - 1, random.nextLong(), this::arguments);
            default -> Jrmp.newClient(server, this::arguments);
        };
    }

    private void leases(ObjectOutputStream out) throws IOException {
        var ids = new ObjID[random.nextInt(4) == 0 ? 20_000 : random.nextInt(4)];
        Arrays.fill(ids, new ObjID(ObjID.REGISTRY_ID));
        out.writeObject(random.nextInt(5) == 0 ? value(3) : ids);
        out.writeLong(random.nextLong());
        out.writeObject(random.nextInt(5) == 0 ? value(3) : new Lease(new VMID(), Long.MAX_VALUE));
        out.writeBoolean(random.nextBoolean());
    }

    private void arguments(ObjectOutputStream out) throws IOException {
        int count = random.nextInt(3);
        for (int i = 0; i < count; i++) {
            out.writeObject(value(1 + random.nextInt(40)));
        }
    }

    private Object value(int depth) {
        return switch (random.nextInt(depth > 0 ? 10 : 6)) {
            case 0 -> "jmxrmi";
            case 1 -> new String[] {"millrace", "x".repeat(random.nextInt(4) == 0 ? 100_000 : 20)};
            case 2 -> random.nextInt(4) == 0 ? new long[100_000] : new byte[random.nextInt(100)];
            case 3 -> new String[random.nextInt(4) == 0 ? 500_000 : 2];
            case 4 -> random.nextLong();
            case 5 -> new Object[][] {{}, {null}};
            case 6 -> new HashMap<>(java.util.Map.of("a", value(depth - 1)));
            case 7 -> new Vector<>(List.of(value(depth - 1), value(depth - 1)));
            default -> new Object[] {value(depth - 1), null};
        };
    }

    private byte[] httpMessage() {
        var text = new StringBuilder();
        int requests = 1 + random.nextInt(3);
        for (int i = 0; i < requests; i++) {
            text.append(random.nextInt(4) == 0 ? "POST" : "GET")
                    .append(' ')
                    .append(PATHS.get(random.nextInt(PATHS.size())));
            text.append(random.nextInt(8) == 0 ? "?" + "a".repeat(100_000) : "").append(" HTTP/1.1\r\n");
            text.append("Host: localhost\r\n");
            int fields = random.nextInt(random.nextInt(10) == 0 ? 2000 : 4);
            for (int k = 0; k < fields; k++) {
                text.append(FIELDS.get(random.nextInt(FIELDS.size()))).append("\r\n");
            }
            text.append("\r\n");
        }
        return mutated(text.toString().getBytes(ISO_8859_1));
    }

    /** As it is, cut, with bytes changed, with lengths that are not true, or with a part repeated. */
    private byte[] mutated(byte[] message) {
        byte[] copy = message.clone();
        int at = random.nextInt(copy.length);
        switch (random.nextInt(6)) {
            case 0 -> {
                return Arrays.copyOf(copy, at);
            }
            case 1 -> {
                for (int i = 0; i < 4; i++) {
                    copy[random.nextInt(copy.length)] = (byte) random.nextInt();
                }
            }
            case 2 -> Arrays.fill(copy, at, Math.min(copy.length, at + 4), (byte) 0x7f);
            case 3 -> {
                return Jrmp.hugeString(copy, random.nextLong() >>> random.nextInt(64));
            }
            case 4 -> {
                var longer = new ByteArrayOutputStream();
                longer.writeBytes(copy);
                List<Integer> times = new ArrayList<>(List.of(1, 10, 100));
                for (int i = times.get(random.nextInt(3)); i > 0; i--) {
                    longer.write(copy, at, Math.min(copy.length - at, 200));
                }
                return longer.toByteArray();
            }
            default -> {
                // as it is
            }
        }
        return copy;
    }

    private byte[] garbage(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
