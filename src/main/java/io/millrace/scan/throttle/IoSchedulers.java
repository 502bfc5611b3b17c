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
 * Reports, once per device, that an I/O priority class has no effect because the block scheduler ignores it.
 * {@code none} and {@code kyber} ignore it; {@code bfq} honours it, and {@code mq-deadline} honours the class since
 * Linux 5.14. For a stacked device without its own scheduler the devices below it are checked; for file systems without
 * a block device nothing is known. Any thread.
 */
public final class IoSchedulers {
    private static final Set<String> IGNORANT = Set.of("none", "kyber", "noop");

    /** Maximum depth of stacked devices. */
    private static final int MAX_LEVELS = 8;

    private final Path devices;
    private final BiConsumer<String, String> ignored;
    private final Set<Long> seen = ConcurrentHashMap.newKeySet();

    /**
     * @param devices {@code /sys/dev/block}
     * @param ignored called with the name of a device and of its scheduler
     */
    public IoSchedulers(Path devices, BiConsumer<String, String> ignored) {
        this.devices = devices;
        this.ignored = ignored;
    }

    /** Called when a file was opened that is to be read with its own I/O class. */
    public void opened(FileStatus file) {
        if (!seen.add(file.device())) {
            return;
        }
        try {
            tell(devices.resolve(file.deviceName()).toRealPath(), 0);
        } catch (IOException | DirectoryIteratorException e) {
            return; // no block device: network, memory or multi-device file system
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
        Path file = Files.exists(own) ? own : device.resolveSibling("queue").resolve("scheduler"); // of a partition
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

    /** Returns the active scheduler: the name in brackets in {@code none [mq-deadline] kyber}, or the only name. */
    private static String chosen(String line) {
        int start = line.indexOf('[');
        int end = line.indexOf(']');
        return start >= 0 && end > start ? line.substring(start + 1, end) : line;
    }
}
