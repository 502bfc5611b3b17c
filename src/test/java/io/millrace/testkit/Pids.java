// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that wrote their numbers into a file, a line each; they need not be children of this one. */
public record Pids(Path file) {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    public List<String> numbers() throws IOException {
        return Files.readAllLines(file);
    }

    /** Fails when one still runs after a while. A zombie runs no longer: burying it is its parent's affair. */
    public void awaitGone() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        for (String number : numbers()) {
            while (isAlive(number)) {
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("still runs: " + number);
                }
                TimeUnit.MILLISECONDS.sleep(5);
            }
        }
    }

    /** Ends those that are meant to outlive what they come from. */
    public void kill() throws IOException {
        for (String number : numbers()) {
            if (!isAlive(number)) {
                throw new AssertionError("should have outlived its parent: " + number);
            }
            ProcessHandle.of(Long.parseLong(number)).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    private static boolean isAlive(String number) {
        try {
            return !Files.readString(Path.of("/proc", number, "stat")).contains(") Z ");
        } catch (IOException e) {
            return false;
        }
    }
}
