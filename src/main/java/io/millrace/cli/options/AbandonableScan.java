// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.output.ResultStream;
import io.millrace.lifecycle.AbandonableCalls;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.scan.BulkScanner;
import io.millrace.scan.ScanSummary;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scan on a thread that can be abandoned, so that SIGINT and SIGTERM end the command even while a read is
 * blocked by a mount that hangs.
 */
public final class AbandonableScan {
    /** The interval at which it checks for a request to stop. */
    private static final long POLL_MILLIS = 100;

    /** The time after the request to stop within which a slow read can still end. */
    private static final long STOP_NANOS = 2_000_000_000;

    private AbandonableScan() {}

    /**
     * Returns or throws what {@code scan} returns or throws.
     *
     * @throws ResultStream.Stopped if a stop was requested and the scan is blocked in a system call that does not
     *     return; its threads then remain until the process ends
     */
    public static ScanSummary run(BulkScanner scanner, CancellationToken stop, Callable<ScanSummary> scan)
            throws IOException, InterruptedException {
        var task = new FutureTask<>(scan);
        AbandonableCalls.start("millrace-scan", task);
        long requestedNanos = 0;
        while (true) {
            try {
                return task.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                long now = System.nanoTime();
                if (!stop.isRequested()) {
                    requestedNanos = now;
                } else if (now - requestedNanos > STOP_NANOS && scanner.isStuck()) {
                    throw new ResultStream.Stopped("stopped while the kernel did not reply; "
                            + "what was not read by then is missing in the results");
                }
            } catch (ExecutionException e) {
                throw rethrown(e.getCause());
            }
        }
    }

    private static IOException rethrown(@Nullable Throwable cause) throws InterruptedException {
        if (cause instanceof RuntimeException unchecked) {
            throw unchecked;
        }
        if (cause instanceof Error error) {
            throw error;
        }
        if (cause instanceof InterruptedException interrupt) {
            throw interrupt;
        }
        return cause instanceof IOException known ? known : new IOException(cause);
    }
}
