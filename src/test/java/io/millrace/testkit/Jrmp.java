// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The bytes of the Java Remote Method Protocol, as a client sends them that does not keep to it. */
public final class Jrmp {
    /** Of protocol 2, with a stream of calls: the server greets, then wants {@link #ENDPOINT}. */
    public static final byte[] STREAM = {'J', 'R', 'M', 'I', 0, 2, 0x4b};

    /** With one call and no greeting. */
    public static final byte[] SINGLE = {'J', 'R', 'M', 'I', 0, 2, 0x4c};

    /** Host 127.0.0.1 and port 0, with which a client answers the greeting. */
    public static final byte[] ENDPOINT = ("\0\t127.0.0.1\0\0\0\0").getBytes(StandardCharsets.US_ASCII);

    public static final byte PING = 0x52;
    public static final byte DGC_ACK = 0x54;

    /** Of the registry and of the distributed garbage collection, in every JVM. */
    public static final byte[] REGISTRY = objectId(0);

    public static final byte[] DGC = objectId(2);

    private static final long REGISTRY_HASH = 4905912898345647071L;
    private static final long DGC_HASH = -669196253586618813L;
    private static final long NEW_CLIENT_HASH = -1089742558549201240L;
    private static final int OBJECT_ID_BYTES = 22;
    private static final int TIMEOUT_MILLIS = 10_000;

    private Jrmp() {}

    /** Writes what follows the number of an operation. */
    public interface Arguments {
        void write(ObjectOutputStream out) throws IOException;
    }

    private static byte[] objectId(long number) {
        return ByteBuffer.allocate(OBJECT_ID_BYTES).putLong(number).array();
    }

    /** RMI says after each class from where it might be loaded: from nowhere. */
    private static final class Marshal extends ObjectOutputStream {
        Marshal(ByteArrayOutputStream out) throws IOException {
            super(out);
        }

        @Override
        protected void annotateClass(Class<?> type) throws IOException {
            writeObject(null);
        }

        @Override
        protected void annotateProxyClass(Class<?> type) throws IOException {
            writeObject(null);
        }
    }

    /** A call; {@code operation} is -1 where {@code hash} is a method's. */
    public static byte[] call(byte[] objectId, int operation, long hash, Arguments arguments) {
        var bytes = new ByteArrayOutputStream();
        bytes.write(0x50);
        try (var out = new Marshal(bytes)) {
            out.write(objectId);
            out.writeInt(operation);
            out.writeLong(hash);
            arguments.write(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** 0 bind, 1 list, 2 lookup, 3 rebind, 4 unbind. */
    public static byte[] registryCall(int operation, Arguments arguments) {
        return call(REGISTRY, operation, REGISTRY_HASH, arguments);
    }

    /** 0 clean, 1 dirty. */
    public static byte[] dgcCall(int operation, Arguments arguments) {
        return call(DGC, operation, DGC_HASH, arguments);
    }

    public static byte[] newClient(byte[] server, Arguments arguments) {
        return call(server, -1, NEW_CLIENT_HASH, arguments);
    }

    /** The beginning of a string of that many bytes, as the last argument of a call without any. */
    public static byte[] hugeString(byte[] call, long length) {
        return ByteBuffer.allocate(call.length + 9)
                .put(call)
                .put((byte) 0x7c)
                .putLong(length)
                .array();
    }

    public static Socket connect(int port) throws IOException {
        var socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        return socket;
    }

    /** Connects for a stream of calls, the greeting read. */
    public static Socket stream(int port) throws IOException {
        Socket socket = connect(port);
        socket.getOutputStream().write(STREAM);
        var in = new DataInputStream(socket.getInputStream());
        if (in.readByte() != 0x4e) {
            throw new IOException("not acknowledged");
        }
        in.readUTF();
        in.readInt();
        new DataOutputStream(socket.getOutputStream()).write(ENDPOINT);
        return socket;
    }

    /** The object id of what is registered as {@code jmxrmi}: after the type of its reference, its host and its port. */
    public static byte[] lookUp(int port) throws IOException {
        try (Socket socket = stream(port)) {
            socket.getOutputStream().write(registryCall(2, out -> out.writeObject("jmxrmi")));
            var reply = new ByteArrayOutputStream();
            byte[] buffer = new byte[4096];
            while (true) {
                int count = socket.getInputStream().read(buffer);
                if (count < 0) {
                    throw new IOException("no reference in " + reply);
                }
                reply.write(buffer, 0, count);
                String text = reply.toString(StandardCharsets.ISO_8859_1);
                int at = text.indexOf("UnicastRef");
                int host = text.indexOf("127.0.0.1", Math.max(at, 0));
                int id = host + "127.0.0.1".length() + Integer.BYTES;
                if (at >= 0 && host >= 0 && reply.size() >= id + OBJECT_ID_BYTES) {
                    return Arrays.copyOfRange(reply.toByteArray(), id, id + OBJECT_ID_BYTES);
                }
            }
        }
    }
}
