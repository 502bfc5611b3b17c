// SPDX-License-Identifier: Apache-2.0
/**
 * The scan engine, one pass over files: it finds them, opens a window on each, brings every byte to the digests and the
 * workers, and reports the results.
 *
 * <p>{@link io.millrace.scan.BulkScanner}, the class to read first, owns the threads ({@code millrace-scan-N}). They
 * pull files from one {@link io.millrace.scan.walk.FileWalk}, so there is no queue of files, and memory does not grow
 * with the size of the tree. An idle thread helps with a large file: see {@link io.millrace.scan.DigestPipeline}.
 * Results are reported to a {@link io.millrace.scan.ScanListener} in walk order.
 *
 * <p>A service uses {@link io.millrace.scan.schedule.SourceScheduler} and {@link io.millrace.scan.job.ScanService}. The
 * first starts a scan of each source when it is due (thread {@code millrace-sources}) and records when it ran. The
 * second runs each scan on a thread {@code millrace-job-ID} in addition to those above, and estimates on
 * {@code millrace-count-ID} how much the scan will read. Every operation that may wait for the disk (a read, an open, a
 * step of the walk) first asks the scan's {@link io.millrace.scan.throttle.ReadGate}, which can pause the scan, limit
 * its rate, make it yield ({@link io.millrace.scan.throttle.PressureMonitor}, thread {@code millrace-pressure}), and
 * knows when no read is in progress.
 */
@NullMarked
package io.millrace.scan;

import org.jspecify.annotations.NullMarked;
