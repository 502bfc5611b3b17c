// SPDX-License-Identifier: Apache-2.0
/**
 * One pass over files: finds them, opens a window on each, brings every byte past the digests and to the workers, and
 * says how it went.
 *
 * <p>{@link io.millrace.scan.BulkScanner} owns the threads ({@code millrace-scan-N}). They pull files out of one
 * {@link io.millrace.scan.walk.FileWalk}, so nothing is queued, and memory does not grow with the tree. A thread that has
 * no file of its own lends a hand with a big one: see {@link io.millrace.scan.DigestPipeline}. What happened is told to a
 * {@link io.millrace.scan.ScanListener}, in the order in which the files were found.
 *
 * <p>{@link io.millrace.scan.schedule.SourceScheduler} and {@link io.millrace.scan.job.ScanService} are for a service. The first has a scan begun
 * for each source when it is due (thread {@code millrace-sources}) and remembers when that was. The second runs each
 * scan by a thread {@code millrace-job-ID} beside those, and counts by {@code millrace-count-ID} what the scan will
 * have read. Whatever may wait for the disk, a read, an open, a step of the walk, asks the scan's {@link
 * io.millrace.scan.throttle.ReadGate} first, so that one place can pause it, limit it, have it make way ({@link
 * io.millrace.scan.throttle.PressureMonitor}, thread {@code millrace-pressure}) and know when it is quiet.
 */
@NullMarked
package io.millrace.scan;

import org.jspecify.annotations.NullMarked;
