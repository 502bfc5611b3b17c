// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.concurrent.TimeUnit;

/**
 * Keeps all pages of a file in the page cache until {@link #close()}, by mlock(2) in a C program: a host may reclaim pages at
 * any time (DAMON), and a hot file would then be a cold one in the middle of a test.
 */
public final class PinnedPages implements AutoCloseable {
    private static final String SOURCE = """
            #include <fcntl.h>
            #include <stdio.h>
            #include <sys/mman.h>
            #include <sys/stat.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                for (int i = 1; i < argc; i++) {
                    struct stat s;
                    int fd = open(argv[i], O_RDONLY);
                    if (fd < 0 || fstat(fd, &s)) return perror(argv[i]), 1;
                    void *map = s.st_size ? mmap(0, s.st_size, PROT_READ, MAP_SHARED, fd, 0) : argv;
                    if (map == MAP_FAILED || (s.st_size && mlock(map, s.st_size))) return perror(argv[i]), 1;
                    close(fd);
                }
                puts("pinned");
                fflush(stdout);
                return getchar() != EOF;
            }
            """;

    private final Process process;

    private PinnedPages(Process process) {
        this.process = process;
    }

    /** Reads them in, too. {@code directory}: where the program is compiled. */
    public static PinnedPages of(Path directory, Path... files) throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(CCompiler.program(directory, "pin-pages", SOURCE).toString());
        for (Path file : files) {
            command.add(file.toString());
        }
        var pinned = new PinnedPages(
                new ProcessBuilder(command).redirectErrorStream(true).start());
        byte[] said = pinned.process.getInputStream().readNBytes(7);
        if (!new String(said, StandardCharsets.UTF_8).equals("pinned\n")) {
            pinned.close();
            throw new IOException("pages cannot be pinned: " + new String(said, StandardCharsets.UTF_8));
        }
        return pinned;
    }

    @Override
    public void close() throws IOException {
        process.getOutputStream().close();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
