// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that changes files all the time, every other one by a shared mapping, until it is closed. */
final class Rewriters implements AutoCloseable {
    private static final String PROGRAM = """
            import mmap, os, random, select, sys, time
            maps, files = [], []
            for i, name in enumerate(sys.argv[1:]):
                fd = os.open(name, os.O_RDWR)
                size = os.fstat(fd).st_size
                if i % 2:
                    maps.append((mmap.mmap(fd, size), size))
                else:
                    files.append((fd, size))
            sys.stdout.write('ready\\n')
            sys.stdout.flush()
            while not select.select([sys.stdin], [], [], 0.002)[0]:
                for m, size in maps:
                    m[random.randrange(size)] = random.randrange(256)
                for fd, size in files:
                    os.pwrite(fd, bytes([random.randrange(256)]), random.randrange(size))
            """;

    private final Process process;

    private Rewriters(Process process) {
        this.process = process;
    }

    static Rewriters of(List<Path> files) throws IOException {
        Command.assumeExists("python3");
        var command = new ArrayList<>(List.of("python3", "-c", PROGRAM));
        files.forEach(file -> command.add(file.toString()));
        var writers = new Rewriters(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        byte[] said = writers.process.getInputStream().readNBytes(6);
        if (said.length < 6 || said[0] != 'r') {
            writers.close();
            throw new IOException("no files are written: " + new String(said, StandardCharsets.UTF_8));
        }
        return writers;
    }

    boolean isRunning() {
        return process.isAlive();
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
