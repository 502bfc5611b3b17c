// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.OwnedFd;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Watches, on a thread and a descriptor of its own, how many pages of a file are in the page cache while others read
 * it. {@link #close()} ends it.
 */
final class Sampler implements AutoCloseable {
    private static final long PAUSE_NANOS = 1_000_000;

    private final OwnedFd file;
    private final Thread thread = new Thread(this::watch, "sampler");
    private volatile boolean closing;
    private volatile long mostPages;
    private volatile int samples;
    private volatile @Nullable IOException failure;

    Sampler(Path file) throws IOException {
        this.file = Stage.open(file);
        thread.start();
    }

    private void watch() {
        try {
            while (!closing) {
                long now =
                        Stage.POSIX.pages().cachestat(file, new ByteRange(0, 0)).resident();
                mostPages = Math.max(mostPages, now);
                samples = samples + 1;
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        } catch (IOException e) {
            failure = e;
        }
    }

    /** The most that was resident at any moment that it saw. After {@link #close()}. */
    long mostBytes() throws IOException {
        if (failure != null) {
            throw failure;
        }
        return mostPages * Stage.PAGE_BYTES;
    }

    int samples() {
        return samples;
    }

    @Override
    public void close() throws InterruptedException {
        closing = true;
        thread.join();
        file.close();
    }
}
