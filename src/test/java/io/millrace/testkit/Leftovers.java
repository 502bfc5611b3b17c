// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves behind what was not there before it: a descriptor, a process that is a child of this one, a
 * zombie included, or a thread. What the JVM opens and starts for itself is left out.
 *
 * <pre>{@code @RegisterExtension final Leftovers leftovers = new Leftovers();}</pre>
 */
public final class Leftovers implements BeforeEachCallback, AfterEachCallback {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final List<String> OF_THE_JVM = List.of(
            ".jar", ".so", "/modules", "/urandom", "/random", ".jsa", "/hsperfdata", ".properties", "/ffi", "socket:");
    private static final List<String> THREADS_OF_THE_JVM =
            List.of("process reaper", "Cleaner", "junit", "ForkJoin", "Attach", "CompletableFutureDelay", "surefire");

    private Set<String> before = Set.of();

    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        before = present();
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        long deadline = System.nanoTime() + PATIENCE_NANOS;
        Set<String> left = more();
        while (!left.isEmpty() && System.nanoTime() < deadline) {
            TimeUnit.MILLISECONDS.sleep(5); // a thread may be about to end
            left = more();
        }
        if (!left.isEmpty()) {
            throw new AssertionError("left behind: " + left);
        }
    }

    private Set<String> more() throws IOException {
        var left = present();
        left.removeAll(before);
        return left;
    }

    private static Set<String> present() throws IOException {
        var all = new TreeSet<String>();
        all.addAll(descriptors());
        all.addAll(children());
        all.addAll(threads());
        return all;
    }

    private static List<String> descriptors() throws IOException {
        return Descriptors.open().entrySet().stream()
                .filter(open -> OF_THE_JVM.stream().noneMatch(open.getValue()::contains))
                .filter(open -> !open.getValue().matches("/proc/\\d+/fd")) // the listing itself
                .map(open -> "descriptor " + open.getKey() + " -> " + open.getValue())
                .toList();
    }

    /** By the fourth field of /proc/PID/stat (proc(5)), which tells zombies too. */
    private static List<String> children() throws IOException {
        String self = Long.toString(ProcessHandle.current().pid());
        var children = new ArrayList<String>();
        for (Path process : list(Path.of("/proc"))) {
            if (!Character.isDigit(process.getFileName().toString().charAt(0))) {
                continue;
            }
            try {
                String stat = Files.readString(process.resolve("stat"));
                String[] words = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                if (words[1].equals(self)) {
                    children.add("process " + stat.substring(0, stat.lastIndexOf(')') + 3));
                }
            } catch (IOException e) {
                continue; // ended meanwhile
            }
        }
        return children;
    }

    private static List<Path> list(Path directory) throws IOException {
        try (var entries = Files.list(directory)) {
            return entries.toList();
        }
    }

    private static Set<String> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> THREADS_OF_THE_JVM.stream().noneMatch(name::contains))
                .map(name -> "thread " + name)
                .collect(Collectors.toSet());
    }
}
