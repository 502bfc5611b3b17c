// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.Chunk;
import io.millrace.pagecache.Provenance;
import io.millrace.scan.observe.PassListener;
import io.millrace.scan.throttle.ReadGate;

/** Has a pass over the device obey a scan's pauses and rates and count as its progress. Any thread; stateless. */
final class GatedPass implements PassListener {
    private final ReadGate gate;
    private final ScanProgress progress;

    GatedPass(ReadGate gate, ScanProgress progress) {
        this.gate = gate;
        this.progress = progress;
    }

    @Override
    public void beforeRead(long bytes) throws InterruptedException {
        gate.take(bytes, progress::isWaitOver);
    }

    @Override
    public void afterRead(Provenance from, long bytes, long nanos) {
        gate.leave();
        progress.addBytes(bytes);
        progress.addRead(kind(from), from.hasBytes() ? bytes : 0);
        if (from == Provenance.DEVICE) {
            gate.wasRead(bytes, nanos);
        }
    }

    /** As what a scan counts a block. */
    static Chunk.Kind kind(Provenance from) {
        return from == Provenance.CACHE ? Chunk.Kind.RESIDENT : Chunk.Kind.STORED;
    }

    @Override
    public boolean isHeld() {
        return gate.isHeld();
    }

    @Override
    public boolean isStopping() {
        return progress.isWaitOver();
    }
}
