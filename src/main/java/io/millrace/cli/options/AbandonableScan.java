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
 * Runs a scan on a thread that can be left behind, so that SIGINT and SIGTERM end the command also while a read waits for a
 * mount that hangs.
 */
public final class AbandonableScan {
    /** How often it looks whether that is so. */
    private static final long POLL_MILLIS = 100;

    /** From the request to stop on: a read that is only slow ends in time. */
    private static final long STOP_NANOS = 2_000_000_000;

    private AbandonableScan() {}

    /**
     * What {@code scan} returns or throws.
     *
     * @throws ResultStream.Stopped where it is to stop and stands in a call into the kernel that does not return; its threads
     *     are still there then, and only the end of the process ends them
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
