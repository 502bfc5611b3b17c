// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever ends a service's scan, or the service, while a worker has got half of a file: it never publishes that. */
class ServeHalfFileIT {
    @TempDir
    private Path directory;

    /** {@code deaf}: the worker ends at SIGKILL alone. */
    @ParameterizedTest
    @CsvSource({"stop,true", "cancel,true", "cancel,false", "TERM,false", "TERM TERM,true", "HUP TERM,true"})
    void publishesNothing(String how, boolean deaf) throws Exception {
        Path out = directory.resolve("out");
        Path part = directory.resolve("out.part");
        String text = "#!/bin/sh\n" + (deaf ? "trap '' TERM INT HUP\n" : "") + "cat > " + part + " && mv " + part + " "
                + out + "\n";
        Path script = Files.writeString(directory.resolve("publish"), text);
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        RunningService.configure(
                directory,
                "workers: { w: { command: [" + script + "], stop-timeout: 2s } }\n"
                        + "sources: { s: { paths: [src], at-start: true, every: 1h, workers: [w], rate: 1MiB/s } }\n");
        Files.write(directory.resolve("src/big"), new byte[64 << 20]);
        try (var service = RunningService.start(directory)) {
            service.await("something of the file", () -> Files.exists(part) && Files.size(part) > 0);
            end(service, how);
            int unused = service.awaitExit(60);
        }
        awaitNobody(part);
        assertThat(out).doesNotExist();
    }

    private static void end(RunningService service, String how) throws Exception {
        switch (how) {
            case "stop" -> assertThat(service.ctl("stop").exitCode()).isZero();
            case "cancel" -> {
                assertThat(service.ctl("scan", "cancel", "s-1").exitCode()).isZero();
                service.await("the end of the scan", () -> service.log().contains("scan s-1: stopped"));
                service.signal("TERM");
            }
            default -> {
                for (String signal : how.split(" ")) {
                    service.signal(signal);
                    Thread.sleep(300); // else two of one signal would be one
                }
            }
        }
    }

    private static void awaitNobody(Path part) throws IOException, InterruptedException {
        String open = "ls -l /proc/[0-9]*/fd 2>/dev/null | grep -qF '" + part + "'";
        for (int i = 0;
                i < 1_200 && new ProcessBuilder("sh", "-c", open).start().waitFor() == 0;
                i++) {
            Thread.sleep(50); // nothing tells when it is nobody
        }
    }
}
