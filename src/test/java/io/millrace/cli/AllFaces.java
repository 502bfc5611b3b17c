// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.files.Roots;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.prealloc.pool.NamePattern;
import io.millrace.prealloc.pool.PoolListener;
import io.millrace.prealloc.pool.PoolSpec;
import io.millrace.prealloc.pool.PoolState;
import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.prealloc.pool.Pools;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalInt;

/**
 * A main class that does all that Millrace does with files, one thing after the other in one JVM: {@code FILES CONFIG OUT}.
 * What each printed to standard output is followed by a line {@code == NAME EXITCODE}.
 */
final class AllFaces {
    private static final long POOL_PATIENCE_NANOS = 60_000_000_000L;

    private AllFaces() {}

    public static void main(String[] arguments) throws Exception {
        String files = arguments[0];
        String config = arguments[1];
        String out = arguments[2];
        run("scan", "--digest=sha256", "--exec=sha256sum", "--json", files);
        run(
                "scan",
                "--digest=crc32c",
                "--strategy=drop-behind",
                "--config=" + config,
                "--worker=stays",
                "--worker=terminal",
                "--json",
                files);
        run("cat", files + "/a-big");
        run("cat", files + "/b-sparse");
        run("allocate", "--size=1MiB", out + "/allocated", "--json");
        run("probe", files);
        run("cache", "status", files);
        run("cache", "evict", files + "/c-small");
        pool(out);
        System.exit(0);
    }

    private static void run(String... words) throws IOException {
        ended(words[0], Main.execute(words));
    }

    private static void ended(String name, int exitCode) throws IOException {
        var out = new FileOutputStream(FileDescriptor.out);
        out.write(("\n== " + name + " " + exitCode + "\n").getBytes(StandardCharsets.UTF_8));
    }

    private static void pool(String out) throws IOException {
        var spec = new PoolSpec(
                "wal",
                BytePath.of(out + "/pool"),
                65536,
                2,
                new NamePattern("segment-%08x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
        int exitCode = 1;
        var listener = new PoolListener() {
            @Override
            public void changed(PoolStatus status) {
                status.reason().ifPresent(why -> System.err.println("millrace: pool: " + why));
            }
        };
        Posix posix = LinuxPosix.create();
        try (var pools = new Pools(posix, BytePath.of(out + "/state"), listener)) {
            pools.apply(List.of(spec));
            long end = System.nanoTime() + POOL_PATIENCE_NANOS;
            while (pools.status("wal").state() != PoolState.READY
                    && System.nanoTime() < end
                    && pools.status("wal").state() != PoolState.FAILED) {
                Thread.sleep(5); // between two looks: this program has no test library
            }
            if (pools.status("wal").state() == PoolState.READY) {
                var roots = new Roots(posix.files(), List.of(BytePath.of(out)));
                var unused = pools.claim("wal", BytePath.of(out + "/claimed"), roots);
                while (pools.status("wal").state() != PoolState.READY && System.nanoTime() < end) {
                    Thread.sleep(5); // as above
                }
                exitCode = pools.status("wal").state() == PoolState.READY ? 0 : 1;
            }
        } catch (IOException e) {
            System.err.println("millrace: pool: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        ended("pool", exitCode);
    }
}
