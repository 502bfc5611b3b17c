// SPDX-License-Identifier: Apache-2.0
/**
 * The service as a whole: its configuration, and how its parts are put together.
 *
 * <p>{@link io.millrace.daemon.Service} opens the parts in order and closes them in reverse: the locked
 * {@code StateDirectory}, the {@code Engine} (workers, pools, scans, sources), and the {@code Endpoints} (HTTP and
 * JMX). It handles signals, reloads the configuration as a whole or not at all ({@code ReloadQueue},
 * {@code ReloadTransaction}), and reports its status to systemd ({@code ServiceManager}, {@code Watchdog},
 * {@code StatusLine}). {@code ResultStore} writes the results of scans to files. It does none of the work on files
 * itself, and knows nothing of pages and pipes.
 *
 * <p>Open {@code Service} first. The thread {@code millrace-start} of the command opens the service, the main thread
 * runs it, and {@code millrace-stop} closes its parts. {@code ReloadQueue} executes reloads one at a time on the thread
 * {@code millrace-reload}. The threads of the packages below call the listeners.
 *
 * <p>{@code config} is the only package that reads the configuration file; {@code log} writes the log.
 */
@NullMarked
package io.millrace.daemon;

import org.jspecify.annotations.NullMarked;
