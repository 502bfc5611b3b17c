// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;

/** What of a file is in the page cache, by mincore(2) out of a C program: no code under test has a part in it. */
public final class PageProbe {
    public static final int PAGE_BYTES = 4096;

    private static final double MIN_KEPT = 0.9;

    private static final String SOURCE = """
            #include <fcntl.h>
            #include <stdio.h>
            #include <stdlib.h>
            #include <sys/mman.h>
            #include <sys/stat.h>
            #include <unistd.h>
            int main(int argc, char **argv) {
                struct stat s;
                int fd = open(argv[1], O_RDONLY);
                if (argc != 3 || fd < 0 || fstat(fd, &s) || sysconf(_SC_PAGESIZE) != 4096) return perror(argv[1]), 1;
                FILE *out = fopen(argv[2], "w");
                size_t pages = (s.st_size + 4095) / 4096;
                unsigned char *vector = calloc(pages + 1, 1);
                if (!out || !vector) return perror(argv[2]), 1;
                if (pages) {
                    void *map = mmap(0, s.st_size, PROT_READ, MAP_SHARED, fd, 0);
                    if (map == MAP_FAILED || mincore(map, s.st_size, vector)) return perror("mincore"), 1;
                }
                return fwrite(vector, 1, pages, out) != pages || fclose(out);
            }
            """;

    private final Path directory;
    private final Path program;

    /** Compiles it. */
    public PageProbe(Path directory) throws IOException, InterruptedException {
        this.directory = directory;
        this.program = CCompiler.program(directory, "page-probe", SOURCE);
    }

    /** The resident pages once the kernel's readahead has come to rest: mincore does not count pages on their way. */
    public BitSet settled(Path file) throws IOException, InterruptedException {
        BitSet before = resident(file);
        while (true) {
            Thread.sleep(100); // nothing tells when a device has finished
            BitSet now = resident(file);
            if (now.equals(before)) {
                return now;
            }
            before = now;
        }
    }

    /** A bit a page of 4 KiB. Asked as root: anybody else is told lies about files of others. */
    public BitSet resident(Path file) throws IOException, InterruptedException {
        Path answer = directory.resolve("page-probe.out");
        String unused = Command.run(program, file, answer);
        byte[] bytes = Files.readAllBytes(answer);
        var resident = new BitSet(bytes.length);
        for (int page = 0; page < bytes.length; page++) {
            resident.set(page, (bytes[page] & 1) != 0);
        }
        return resident;
    }

    /**
     * Fails unless {@code after} has the pages of {@code before}, but for the few that a host may take at any time. As it
     * may take more, call this in {@link Undisturbed#run}. Where every page counts, compare with a control file.
     */
    public static void assertKept(BitSet before, BitSet after) {
        assertKept(before.cardinality(), common(before, after));
    }

    /** The same of numbers, of pages or of bytes. */
    static void assertKept(long before, long after) {
        if (after < (long) (MIN_KEPT * before)) {
            throw new Undisturbed.PagesGone("stayed: " + after + " of " + before);
        }
    }

    /** How many pages are in both. */
    public static long common(BitSet one, BitSet other) {
        var both = (BitSet) one.clone();
        both.and(other);
        return both.cardinality();
    }

    /** All pages of a file of that many. */
    public static BitSet all(int pages) {
        var all = new BitSet(pages);
        all.set(0, pages);
        return all;
    }

    /** Bytes on pages that are in {@code now} and were not in {@code before}. */
    public static long addedBytes(BitSet before, BitSet now) {
        var added = (BitSet) now.clone();
        added.andNot(before);
        return (long) added.cardinality() * PAGE_BYTES;
    }
}
