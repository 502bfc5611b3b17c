// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.IoPriority;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeCall;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.ReadGate;
import java.util.OptionalLong;

/**
 * Counts how much a scan will read, in parallel with the scan, on its own thread {@code millrace-count-ID}. The job
 * that created it closes it.
 */
final class SizeEstimate implements AutoCloseable {
    /** The count is given up beyond this number of files, because it would cost more than it is worth. */
    private static final long MAX_FILES = 1_000_000;

    private static final IoPriority IDLE = new IoPriority(IoClass.IDLE, 0);

    private final Posix posix;
    private final SizeCounter census;
    private final Thread thread;

    /** {@code pace}: read gate of the scan, which the count passes too because it also waits for the disk. */
    SizeEstimate(String scan, Posix posix, ScanRequest request, ReadGate pace) {
        this.posix = posix;
        this.census = new SizeCounter(posix, request.walk(), MAX_FILES, pace);
        this.thread = new Thread(this::count, "millrace-count-" + scan);
    }

    void start() {
        var unused = ThreadShortageException.tryStart(thread); // without a thread the total stays unknown
    }

    private void count() {
        try {
            posix.process().setIoPriority(IDLE);
        } catch (PosixException e) {
            return; // a count without idle priority would slow down the scan
        }
        census.count();
    }

    /** Whether its thread is in a native call. */
    boolean isInKernel() {
        return NativeCall.of(thread).isPresent();
    }

    OptionalLong totalBytes() {
        return census.totalBytes();
    }

    /** Cancels the count and waits for its thread to end. */
    @Override
    public void close() {
        census.cancel();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the thread uses the scan's read gate
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
