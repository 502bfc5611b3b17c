// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/**
 * A mount that stops to answer and goes on as a test wants it: bindfs over a directory, stopped by SIGSTOP, stands for an NFS
 * server that is gone. Nothing is cached, so that every call goes to bindfs. Closing ends it in any case.
 */
public final class HungMount implements AutoCloseable {
    private static final Path FUSE = Path.of("/dev/fuse");

    private final Path source;
    private final Path directory;
    private final Process bindfs;

    private HungMount(Path source, Path directory, Process bindfs) {
        this.source = source;
        this.directory = directory;
        this.bindfs = bindfs;
    }

    /** Mounts {@code source} on {@code directory}; both are made. Answers until {@link #hang}. Skips where there is no FUSE. */
    public static HungMount of(Path source, Path directory) throws IOException, InterruptedException {
        Command.assumeExists("bindfs");
        Assumptions.assumeTrue(Files.isWritable(FUSE), FUSE + " is not for this user");
        Files.createDirectories(source);
        Files.createDirectories(directory);
        Process bindfs = new ProcessBuilder(
                        "bindfs", "-f", "-o", "attr_timeout=0,entry_timeout=0", source.toString(), directory.toString())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        var mount = new HungMount(source, directory, bindfs);
        try {
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!mount.isMounted()) {
                Assumptions.assumeTrue(bindfs.isAlive(), "bindfs cannot mount here");
                if (System.nanoTime() > deadline) {
                    throw new AssertionError("bindfs did not mount " + directory);
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            return mount;
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            mount.close();
            throw e;
        }
    }

    private boolean isMounted() throws IOException {
        return Files.readString(Path.of("/proc/self/mountinfo")).contains(" " + directory + " ");
    }

    /** Where it is mounted. */
    public Path directory() {
        return directory;
    }

    /** The files below the mount, which always answer. */
    public Path source() {
        return source;
    }

    /** From now on no call is answered. */
    public void hang() throws IOException, InterruptedException {
        signal("STOP");
    }

    /** Answers what was asked, and all that follows. */
    public void recover() throws IOException, InterruptedException {
        signal("CONT");
    }

    private void signal(String name) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, String.valueOf(bindfs.pid()))
                .start()
                .waitFor();
        if (exit != 0) {
            throw new AssertionError("bindfs has ended");
        }
    }

    /** Ends bindfs, which fails all calls under way with ECONNABORTED, and unmounts. */
    @Override
    public void close() throws IOException {
        try {
            bindfs.destroyForcibly().waitFor();
            if (isMounted()) {
                boolean unused = new ProcessBuilder("umount", "-l", directory.toString())
                        .start()
                        .waitFor(60, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
