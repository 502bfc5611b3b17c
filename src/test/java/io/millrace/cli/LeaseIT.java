// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.testkit.ChildJvm;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files on which a file server holds a lease (Samba with kernel oplocks, delegations of knfsd): open(2) breaks it. */
class LeaseIT {
    /** Takes a write lease, says so, and gives it up some time after it was asked to. */
    private static final String HOLDER = """
            import fcntl, os, signal, sys, time
            fd = os.open(sys.argv[1], os.O_RDWR)
            def give_up(number, frame):
                time.sleep(0.3)
                fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_UNLCK)
            signal.signal(signal.SIGIO, give_up)
            fcntl.fcntl(fd, fcntl.F_SETLEASE, fcntl.F_WRLCK)
            print("holds", flush=True)
            for _ in range(600):
                time.sleep(0.1)
            """;

    @TempDir
    private Path directory;

    private ChildJvm.Result run(Path file, Object... arguments) throws IOException, InterruptedException {
        Path script = Files.writeString(directory.resolve("holder.py"), HOLDER);
        Command.assumeExists("python3");
        Process holder = new ProcessBuilder(List.of("python3", script.toString(), file.toString())).start();
        try {
            assertThat(holder.inputReader().readLine()).isEqualTo("holds");
            return ChildJvm.of(Main.class, arguments).run();
        } finally {
            holder.destroyForcibly().waitFor(60, TimeUnit.SECONDS);
        }
    }

    @Test
    void areWaitedFor() throws Exception {
        Path file = Files.writeString(directory.resolve("file"), "content of a leased file");
        String digest = Command.run("sha256sum", file).strip();
        var scan = run(file, "scan", "--digest", "sha256", file);
        assertThat(scan.out().strip()).as(scan.toString()).isEqualTo(digest);
        assertThat(scan.exitCode()).isZero();
        assertThat(run(file, "cat", file).out()).isEqualTo("content of a leased file");
        assertThat(run(file, "cache", "status", file).exitCode()).isZero();
        var allocate = run(file, "allocate", "--size", "4096", "--force", file);
        assertThat(allocate.exitCode()).as(allocate.toString()).isZero();
        assertThat(Files.size(file)).isEqualTo(4096);
    }
}
