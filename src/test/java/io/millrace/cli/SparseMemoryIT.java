// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import io.millrace.testkit.Amount;
import io.millrace.testkit.ChildJvm;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SparseMemoryIT {
    /** A byte for each page of 128 GiB would not fit in the heap; -Dmillrace.sparse.tebibyte=true for all of a TiB. */
    private static final Holes HOLES = Boolean.getBoolean("millrace.sparse.tebibyte")
            ? new Holes(1L << 40, "1.00 TiB", "30fcedc0")
            : Amount.isFull() ? new Holes(1L << 38, "256 GiB", "082764db") : new Holes(1L << 37, "128 GiB", "03c8eb67");

    private static final long MAX_RESIDENT_KIBIBYTES = 200 << 10;

    @TempDir
    Path directory;

    /** {@code crc32c}: also what the matrix of one zero bit says when it is squared 40, 41 or 43 times. */
    private record Holes(long bytes, String label, String crc32c) {}

    /** Runs the command and then says the most memory it ever had resident (proc(5)). */
    static final class Measured {
        public static void main(String[] arguments) throws IOException {
            int exitCode = Main.execute(arguments);
            try (var lines = Files.lines(Path.of("/proc/self/status"))) {
                lines.filter(line -> line.startsWith("VmHWM:")).forEach(System.err::println);
            }
            System.exit(exitCode);
        }
    }

    @Test
    void digestsHolesWithoutEndInLittleMemory() throws Exception {
        Path file = directory.resolve("sparse");
        try (var sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(HOLES.bytes());
        } catch (IOException e) {
            abort("the file system has no file of that size: " + e.getMessage());
        }
        var result = ChildJvm.of(Measured.class, "scan", "--digest=crc32c", file)
                .option("-Xmx32m")
                .option("-XX:+UseSerialGC")
                .timeout(Duration.ofMinutes(5))
                .run();
        assertThat(result.exitCode()).as(result.toString()).isZero();
        assertThat(result.out()).isEqualTo(HOLES.crc32c() + "  " + file + "\n");
        assertThat(result.err()).contains("read 1 file, " + HOLES.label());
        String peak = result.err().substring(result.err().indexOf("VmHWM:")).replaceAll("\\D", "");
        assertThat(Long.parseLong(peak)).isLessThanOrEqualTo(MAX_RESIDENT_KIBIBYTES);
    }
}
