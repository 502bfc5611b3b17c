// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.output.Console;
import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.Workers;
import io.millrace.worker.WorkerListener;
import io.millrace.worker.WorkerPool;
import io.millrace.worker.WorkerSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * The pools of worker processes of one command; their messages go to the console. Main thread; the command closes it.
 */
public final class CommandWorkers implements AutoCloseable {
    private final List<WorkerPool> pools = new ArrayList<>();

    private final CancellationToken stop;

    public CommandWorkers(Posix posix, List<WorkerSpec> specs, Console console, CancellationToken stop) {
        this.stop = stop;
        var listener = new WorkerListener() {
            @Override
            public void line(String worker, int pid, String line) {
                console.say(BytePath.display(worker) + "[" + pid + "]: " + line);
            }

            @Override
            public void restarts(String worker, String reason) {
                console.warn(BytePath.display(worker) + ": restarting: " + BytePath.display(reason));
            }

            @Override
            public void quarantined(String worker, String reason) {
                console.warn(BytePath.display(worker) + ": quarantined: " + BytePath.display(reason));
            }
        };
        specs.forEach(spec -> pools.add(new WorkerPool(posix, spec, listener)));
    }

    public Workers workers() {
        return new Workers(pools, "scan-" + ProcessHandle.current().pid() + "-" + System.currentTimeMillis());
    }

    /** Ends the remaining processes. */
    @Override
    public void close() throws PosixException {
        WorkerPool.closeAll(pools, stop.isRequested());
    }
}
