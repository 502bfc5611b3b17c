// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import io.millrace.posix.FileStatus;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/**
 * Tells once for each device where an I/O class has no effect, since the block scheduler ignores it: {@code none} and
 * {@code kyber} do; {@code bfq} heeds it, and {@code mq-deadline} the classes since Linux 5.14. Devices without a
 * scheduler of their own are those below them; of file systems that lie on no block device nothing is known. Any thread.
 */
public final class IoSchedulers {
    private static final Set<String> IGNORANT = Set.of("none", "kyber", "noop");

    /** Mappings on mappings. */
    private static final int MAX_LEVELS = 8;

    private final Path devices;
    private final BiConsumer<String, String> ignored;
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();

    /**
     * @param devices {@code /sys/dev/block}
     * @param ignored is told the name of a device and of its scheduler
     */
    public IoSchedulers(Path devices, BiConsumer<String, String> ignored) {
        this.devices = devices;
        this.ignored = ignored;
    }

    /** A file that is to be read with an I/O class of its own. */
    public void opened(FileStatus file) {
        if (!seen.add(file.device())) {
            return;
        }
        try {
            tell(devices.resolve(file.deviceName()).toRealPath(), 0);
        } catch (IOException | DirectoryIteratorException e) {
            return; // no block device: a network, memory, or several devices as one
        }
    }

    private void tell(Path device, int level) throws IOException {
        List<Path> below = entries(device.resolve("slaves"));
        if (!below.isEmpty() && level < MAX_LEVELS) {
            for (Path part : below) {
                tell(part.toRealPath(), level + 1);
            }
            return;
        }
        Path own = device.resolve("queue/scheduler");
        Path file = Files.exists(own) ? own : device.resolveSibling("queue").resolve("scheduler"); // a partition's
        String scheduler = chosen(Files.readString(file).strip());
        if (IGNORANT.contains(scheduler)) {
            ignored.accept(String.valueOf(device.getFileName()), scheduler);
        }
    }

    private static List<Path> entries(Path directory) throws IOException {
        var paths = new ArrayList<Path>();
        if (Files.isDirectory(directory)) {
            try (var entries = Files.newDirectoryStream(directory)) {
                entries.forEach(paths::add);
            }
        }
        return paths;
    }

    /** {@code none [mq-deadline] kyber} has the chosen one in brackets; a lone word is it. */
    private static String chosen(String line) {
        int start = line.indexOf('[');
        int end = line.indexOf(']');
        return start >= 0 && end > start ? line.substring(start + 1, end) : line;
    }
}
