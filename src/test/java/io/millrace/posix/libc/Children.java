// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import io.millrace.posix.ChildCalls.ChildProcess;
import io.millrace.posix.ExitStatus;
import io.millrace.posix.PipeCalls.Pipe;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.ProcessSignal;
import io.millrace.posix.SpawnRequest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Programs for a test to start, with nothing to read and little in their environment. */
public final class Children {
    public static final List<String> ENVIRONMENT = List.of("PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C");

    private final Posix posix;

    public Children(Posix posix) {
        this.posix = posix;
    }

    /** What became of a child; {@link #lines()} of what it wrote, errors included. */
    public record Ended(byte[] out, ExitStatus status) {
        public List<String> lines() {
            return new String(out, StandardCharsets.UTF_8).lines().toList();
        }
    }

    public static List<byte[]> bytes(List<String> texts) {
        return texts.stream().map(BytePath::encode).toList();
    }

    public static SpawnRequest request(OwnedFd input, SpawnRequest.Output output, String... words) {
        return new SpawnRequest(
                BytePath.of(words[0]),
                bytes(Arrays.asList(words)),
                bytes(ENVIRONMENT),
                input,
                output,
                Optional.empty());
    }

    public ChildProcess start(SpawnRequest.Output output, String... words) throws PosixException {
        try (var nothing = posix.files().open(BytePath.of("/dev/null"), Set.of())) {
            return posix.children().spawn(request(nothing, output, words));
        }
    }

    public ChildProcess start(OwnedFd output, String... words) throws PosixException {
        return start(new SpawnRequest.Files(output, output), words);
    }

    /** Waits for it, reaps it and closes its descriptor. */
    public ExitStatus end(ChildProcess child) throws PosixException {
        try (var pidfd = child.pidfd().orElseThrow()) {
            if (posix.pipes().poll(List.of(Poll.forInput(pidfd)), 30_000) != 1) {
                posix.children().signalGroup(child, ProcessSignal.KILL);
                throw new AssertionError(pidfd + " has not ended");
            }
            return posix.children().reap(child).orElseThrow();
        }
    }

    /** A shell's script, to its end. */
    public Ended sh(String script) throws IOException {
        return run("/bin/sh", "-c", script);
    }

    public Ended run(String... words) throws IOException {
        try (var nothing = posix.files().open(BytePath.of("/dev/null"), Set.of());
                var pipe = posix.pipes().pipe(Set.of())) {
            return run(request(nothing, new SpawnRequest.Files(pipe.writeEnd(), pipe.writeEnd()), words), pipe);
        }
    }

    /** A request whose output goes to a pipe, to its end. */
    public Ended run(SpawnRequest request, Pipe pipe) throws IOException {
        var child = posix.children().spawn(request);
        pipe.writeEnd().close();
        byte[] out = readAll(pipe.readEnd());
        return new Ended(out, end(child));
    }

    /** All until the end, which is EIO where {@code from} is a terminal. */
    public byte[] readAll(OwnedFd from) throws PosixException {
        var all = new ByteArrayOutputStream();
        try (var buffer = NativeBuffer.allocate(65536)) {
            while (true) {
                int count = posix.io().read(from, buffer);
                if (count == 0) {
                    return all.toByteArray();
                }
                byte[] part = new byte[count];
                buffer.first(count).get(part);
                all.writeBytes(part);
            }
        } catch (PosixException e) {
            if (e.is(Errno.EIO)) {
                return all.toByteArray();
            }
            throw e;
        }
    }
}
