// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.job;

import io.millrace.lifecycle.ThreadShortageException;
import io.millrace.posix.IoPriority;
import io.millrace.posix.IoPriority.IoClass;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.NativeCall;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.throttle.ReadGate;
import java.util.OptionalLong;

/** Counts beside a scan what it will have read in the end, by a thread of its own. */
final class SizeEstimate implements AutoCloseable {
    /** Beyond that the count is given up: it would cost more than it tells. */
    private static final long MAX_FILES = 1_000_000;

    private static final IoPriority IDLE = new IoPriority(IoClass.IDLE, 0);

    private final Posix posix;
    private final SizeCounter census;
    private final Thread thread;

    /** {@code pace}: what the scan obeys; a count waits for the disk as well. */
    SizeEstimate(String scan, Posix posix, ScanRequest request, ReadGate pace) {
        this.posix = posix;
        this.census = new SizeCounter(posix, request.walk(), MAX_FILES, pace);
        this.thread = new Thread(this::count, "millrace-count-" + scan);
    }

    void start() {
        var unused = ThreadShortageException.tryStart(thread); // the total is then not known
    }

    private void count() {
        try {
            posix.process().setIoPriority(IDLE);
        } catch (PosixException e) {
            return; // then rather no count than one that is in the scan's way
        }
        census.count();
    }

    /** Whether its thread stands in a call into the kernel. */
    boolean isInKernel() {
        return NativeCall.of(thread).isPresent();
    }

    OptionalLong totalBytes() {
        return census.totalBytes();
    }

    /** Ends the count soon, and waits for that. */
    @Override
    public void close() {
        census.cancel();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // it uses the scan's pace
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
