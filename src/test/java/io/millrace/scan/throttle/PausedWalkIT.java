// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileCalls;
import io.millrace.posix.Posix;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.scan.ScanRun;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.WalkSpec;
import io.millrace.testkit.Leftovers;
import io.millrace.testkit.PosixParts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Scans that are held while they look for files, and find none. */
class PausedWalkIT {
    private static final int DIRECTORIES = 500;
    private static final int HELD_AT = 100;
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @RegisterExtension
    final Leftovers leftovers = new Leftovers();

    @TempDir
    Path directory;

    private final ReadGate gate = ReadGate.of(new RateLimiter(RateLimiter.UNLIMITED));
    private final AtomicInteger entered = new AtomicInteger();
    private final AtomicReference<@Nullable Throwable> escaped = new AtomicReference<>();

    /** Calls that hold the scan when it enters a certain directory. */
    private Posix holding() {
        var real = LinuxPosix.create();
        var files = (FileCalls) Proxy.newProxyInstance(
                FileCalls.class.getClassLoader(), new Class<?>[] {FileCalls.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("openAt") && entered.incrementAndGet() == HELD_AT) {
                        gate.hold(ReadGate.Hold.PAUSE);
                    }
                    try {
                        return method.invoke(real.files(), arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
        return PosixParts.replace(real, FileCalls.class, files);
    }

    @Test
    void restsInTheMidstOfDirectoriesOfWhichItWantsNothing() throws Exception {
        for (int i = 0; i < DIRECTORIES; i++) {
            Files.createDirectory(directory.resolve("d" + i));
        }
        var filter = new FileFilter(List.of("*.zst"), List.of());
        var run = ScanRun.with(DigestAlgorithm.CRC32C)
                .over(holding())
                .sharing(gate, new InodeLocks())
                .walking(plain -> new WalkSpec(plain.paths(), plain.within(), filter, plain.order()));
        var scanning = new Thread(() -> {
            try {
                var unused = run.of(directory);
            } catch (Throwable e) {
                escaped.set(e);
            }
        });
        scanning.start();
        while (!gate.isHeld()) {
            Thread.onSpinWait();
        }
        assertThat(gate.awaitQuiet(PATIENCE_NANOS)).isTrue();
        assertThat(entered).hasValue(HELD_AT);
        Thread.sleep(300); // that nothing happens shows only with time
        assertThat(entered).hasValue(HELD_AT);
        assertThat(scanning.isAlive()).isTrue();
        gate.release(ReadGate.Hold.PAUSE);
        scanning.join();
        assertThat(escaped.get()).isNull();
        assertThat(entered).hasValue(DIRECTORIES);
    }
}
