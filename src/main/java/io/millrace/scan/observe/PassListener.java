// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.pagecache.Provenance;

/** What a pass over the device asks of its scan, between any two blocks. Called by the thread that reads the file. */
public interface PassListener {
    /** Waits for pauses and rate limits; a read of so many bytes begins. */
    void beforeRead(long bytes) throws InterruptedException;

    /** The read has ended. */
    void afterRead(Provenance from, long bytes, long nanos);

    /** Whether no read may begin now, so that those under way are to end. */
    boolean isHeld();

    /** Whether the scan is to stop; asked while the thread waits, too. */
    boolean isStopping();
}
