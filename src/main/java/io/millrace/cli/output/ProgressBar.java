// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.scan.ScanProgress;
import io.millrace.scan.job.SizeCounter;
import io.millrace.units.ByteRate;
import io.millrace.units.ByteSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A status line below the messages that shows the progress of a scan: bytes, rate, and, if the total is known, a bar
 * and the remaining time. One thread draws it and another one determines the total; {@link #close()} ends both and
 * removes the line.
 */
public final class ProgressBar implements AutoCloseable {
    private static final long REDRAW_MILLIS = 200;
    private static final int USUAL_COLUMNS = 80;
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 5;
    private static final double NANOS_PER_SECOND = 1e9;
    /** The weight of the last interval in the moving average of the rate. */
    private static final double RATE_WEIGHT = 0.2;

    private final Invocation invocation;
    private final ScanProgress progress;
    private final SizeCounter sizeCounter;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final List<Thread> threads = new ArrayList<>();
    private double bytesPerSecond;

    /**
     * Starts to draw if this is requested, or by default if standard error is a terminal.
     *
     * @param sizeCounter determines the total, which is unknown if it cannot be counted beforehand; must not have been
     *     started
     */
    public ProgressBar(ShowMode when, Invocation invocation, ScanProgress progress, SizeCounter sizeCounter) {
        this.invocation = invocation;
        this.progress = progress;
        this.sizeCounter = sizeCounter;
        boolean shown =
                when == ShowMode.ALWAYS || (when == ShowMode.AUTO && invocation.canRedraw(OwnedFd.standardError()));
        if (shown) {
            startDaemon("millrace-progress", this::draw);
            startDaemon("millrace-census", sizeCounter::count);
        }
    }

    private void startDaemon(String name, Runnable work) {
        var thread = new Thread(work, name);
        thread.setDaemon(true);
        if (ThreadShortageException.tryStart(thread)) { // without a free thread there is no progress bar
            threads.add(thread);
        }
    }

    private void draw() {
        long start = System.nanoTime();
        long before = start;
        long bytesBefore = 0;
        try {
            while (!closing.await(REDRAW_MILLIS, TimeUnit.MILLISECONDS)) {
                long now = System.nanoTime();
                long bytes = progress.bytes();
                double rate = (bytes - bytesBefore) * NANOS_PER_SECOND / (now - before);
                bytesPerSecond = before == start ? rate : bytesPerSecond + RATE_WEIGHT * (rate - bytesPerSecond);
                before = now;
                bytesBefore = bytes;
                int columns = invocation
                        .posix()
                        .terminals()
                        .columns(OwnedFd.standardError())
                        .orElse(USUAL_COLUMNS);
                invocation
                        .console()
                        .status(line(
                                bytesPerSecond,
                                bytes,
                                files(progress.files(), sizeCounter.totalFiles().orElse(0)),
                                sizeCounter.totalBytes().orElse(0),
                                columns - 1));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Counts the current file too, so that one large file is not shown as 0 of 1. {@code total}: 0 if unknown. */
    public static String files(long done, long total) {
        return total > 0
                ? "file " + Math.min(done + 1, total) + " of " + total
                : done + (done == 1 ? " file" : " files");
    }

    /** @param totalBytes 0 if unknown */
    public static String line(double bytesPerSecond, long bytes, String files, long totalBytes, int columns) {
        String done = files + "  " + ByteSize.format(bytes);
        String rate = "  " + ByteRate.format(bytesPerSecond);
        if (totalBytes == 0) {
            return clip(done + rate, columns);
        }
        double part = Math.min(1, (double) bytes / totalBytes);
        String percent = String.format(Locale.ROOT, "%3.0f%%", part * 100);
        String of = " of " + ByteSize.format(totalBytes);
        String left =
                bytesPerSecond > 0 ? "  " + timeLeft(Math.max(0, totalBytes - bytes) / bytesPerSecond) + " left" : "";
        String full = percent + "  " + done + of + rate + left;
        int width = Math.min(WIDEST_BAR, columns - full.length() - 3);
        if (width >= NARROWEST_BAR) {
            return Bar.draw(part, width) + " " + full;
        }
        // The remaining time is the last part to be omitted.
        String plain = percent + "  " + ByteSize.format(bytes) + of;
        return Stream.of(full, plain + rate + left, plain + left, percent + rate + left, percent + left)
                .filter(line -> line.length() <= columns)
                .findFirst()
                .orElse(clip(percent, columns));
    }

    private static String clip(String text, int columns) {
        return text.substring(0, Math.min(text.length(), Math.max(0, columns)));
    }

    private static String timeLeft(double seconds) {
        long whole = Math.round(seconds);
        return whole < 3600
                ? String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60);
    }

    private static void await(Thread thread) {
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // both threads end soon
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        closing.countDown();
        sizeCounter.cancel();
        threads.forEach(ProgressBar::await);
        invocation.console().close();
    }
}
