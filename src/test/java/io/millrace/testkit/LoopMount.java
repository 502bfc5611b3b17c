// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A real, small, empty file system, mounted until {@link #close()}, which unmounts it and removes the image. The loop
 * device detaches itself with the last unmount. One that fails half-way takes back what it had done, and a JVM that is ended
 * by a signal unmounts what its tests had mounted.
 */
public final class LoopMount implements AutoCloseable {
    /** What can be mounted, with the least size in MiB that its mkfs takes. */
    public enum Kind {
        EXT4(8),
        EXT2(8),
        XFS(300),
        BTRFS(128),
        TMPFS(1),
        /** An overlay whose upper layer lies on an ext4 of its own. */
        OVERLAY(8);

        private final int leastMebibytes;

        Kind(int leastMebibytes) {
            this.leastMebibytes = leastMebibytes;
        }
    }

    private static final int SECTOR_BYTES = 512;

    /** Of this JVM. */
    private static final Set<LoopMount> OPEN = ConcurrentHashMap.newKeySet();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> OPEN.forEach(LoopMount::abandon), "unmount"));
    }

    private final Kind kind;
    private final String mountOptions;
    private final Path base;
    private final Deque<Path> mounted = new ArrayDeque<>();

    private LoopMount(Kind kind, String mountOptions, Path base) {
        this.kind = kind;
        this.mountOptions = mountOptions;
        this.base = base;
    }

    /** Mounts a file system of that size, or of the least its kind can be; {@code mkfsOptions} go to its mkfs. */
    public static LoopMount of(Kind kind, int mebibytes, String... mkfsOptions) throws IOException {
        return with("loop", kind, mebibytes, mkfsOptions);
    }

    /** As {@link #of}, with options for mount(8) of a file system in an image: {@code loop} and others, by commas. */
    public static LoopMount with(String mountOptions, Kind kind, int mebibytes, String... mkfsOptions)
            throws IOException {
        Assumptions.assumeTrue("root".equals(System.getProperty("user.name")), "mounting " + kind + " needs root");
        var mount = new LoopMount(
                kind,
                mountOptions,
                Files.createTempDirectory("millrace-" + kind.name().toLowerCase() + "-"));
        OPEN.add(mount);
        try {
            mount.mount(Math.max(mebibytes, kind.leastMebibytes), List.of(mkfsOptions));
            return mount;
        } catch (IOException | RuntimeException | Error failed) {
            mount.close();
            throw failed;
        }
    }

    private void mount(int mebibytes, List<String> mkfsOptions) throws IOException {
        Files.createDirectory(directory());
        switch (kind) {
            case TMPFS -> attach(directory(), "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "tmpfs");
            case OVERLAY -> overlay(mebibytes, mkfsOptions);
            default -> image(kind.name().toLowerCase(), mebibytes, mkfsOptions, directory());
        }
    }

    private void image(String type, int mebibytes, List<String> mkfsOptions, Path on) throws IOException {
        Path image = base.resolve("image");
        try (var file = new RandomAccessFile(image.toFile(), "rw")) {
            file.setLength((long) mebibytes << 20);
        }
        var make = new ArrayList<>(List.of("mkfs." + type, type.startsWith("ext") ? "-qF" : "-q"));
        make.addAll(mkfsOptions);
        make.add(image.toString());
        var unused = run(make);
        attach(on, "-t", type, "-o", mountOptions, image.toString());
    }

    /**
     * Unmounts, and mounts the same image by another loop device, as it may be after a restart. Not of tmpfs and overlays.
     */
    public void mountElsewhere() throws IOException {
        Path on = directory();
        String before = device(on);
        Path other = Files.createFile(base.resolve("other"));
        var taken = new ArrayList<String>();
        try (var file = new RandomAccessFile(other.toFile(), "rw")) {
            file.setLength(1 << 20);
            do {
                var unused = run(List.of("umount", on.toString()));
                mounted.pop();
                taken.add(run(List.of("losetup", "--show", "-f", other.toString()))
                        .strip());
                attach(on, "-t", kind.name().toLowerCase(), "-o", mountOptions, image().toString());
            } while (device(on).equals(before) && taken.size() < 10);
        } finally {
            for (String device : taken) {
                var unused = run(List.of("losetup", "-d", device));
            }
            Files.delete(other);
        }
    }

    private static String device(Path on) throws IOException {
        return run(List.of("findmnt", "-n", "-o", "SOURCE", on.toString())).strip();
    }

    private void overlay(int mebibytes, List<String> mkfsOptions) throws IOException {
        Path disk = Files.createDirectory(base.resolve("disk"));
        image("ext4", mebibytes, mkfsOptions, disk);
        for (String layer : List.of("lower", "upper", "work")) {
            Files.createDirectory(disk.resolve(layer));
        }
        String layers = "lowerdir=" + disk.resolve("lower") + ",upperdir=" + disk.resolve("upper") + ",workdir="
                + disk.resolve("work");
        attach(directory(), "-t", "overlay", "-o", layers, "overlay");
    }

    private void attach(Path on, String... options) throws IOException {
        var command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(on.toString());
        var unused = run(command);
        mounted.push(on);
    }

    /** Where the file system's root is seen. */
    public Path directory() {
        return base.resolve("mnt");
    }

    /** The image behind the mount; tmpfs has none. */
    public Path image() {
        return base.resolve("image");
    }

    /** Bytes read of its loop device so far (Documentation/block/stat.rst, third field). */
    public long deviceReadBytes() throws IOException {
        String device = Files.readAllLines(Path.of("/proc/self/mounts")).stream()
                .map(line -> line.split(" "))
                .filter(words -> words[1].equals(directory().toString()))
                .map(words -> words[0].substring("/dev/".length()))
                .findFirst()
                .orElseThrow();
        String stat = Files.readString(Path.of("/sys/block", device, "stat"));
        return Long.parseLong(stat.strip().split(" +")[2]) * SECTOR_BYTES;
    }

    /** Without a wait for whoever still uses it: the JVM is about to end. */
    private void abandon() {
        try {
            for (Path each : mounted) {
                var unused = run(List.of("umount", "--lazy", each.toString()));
            }
            mounted.clear();
            close();
        } catch (IOException e) {
            System.err.println(e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        while (!mounted.isEmpty()) {
            var unused = run(List.of("umount", mounted.peek().toString()));
            mounted.pop();
        }
        OPEN.remove(this);
        Files.deleteIfExists(image());
        Files.deleteIfExists(base.resolve("disk"));
        Files.deleteIfExists(directory());
        Files.deleteIfExists(base);
    }

    private static String run(List<String> command) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            Assumptions.abort(command.get(0) + " is not installed: " + e.getMessage());
            throw e;
        }
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IOException(String.join(" ", command) + ": " + said);
            }
            return said;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }
}
