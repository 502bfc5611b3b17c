// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.pagecache.PeakGauge;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.scan.digest.Digest;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.throttle.ReadGate;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.StandardInput;
import io.millrace.scan.walk.WalkEntry;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Computes the digests of descriptor 0. A regular file is read through a window from its current offset; a stream is
 * read as it arrives. Workers are not fed, because a worker that failed is given its file again and a stream cannot be
 * read twice. All work is done by the calling thread.
 */
final class StandardInputPass {
    /** Small enough to be digested from a core's own caches. */
    private static final int READ_BYTES = 1 << 20;

    private static final ByteRange ALL = ByteRange.between(0, Long.MAX_VALUE);

    private final Posix posix;
    private final ScanOptions options;
    private final ReadGate gate;
    private final ScanProgress progress;
    private final PeakGauge gauge;
    private long digestedBytes;
    private CacheEffect effect = CacheEffect.NONE;
    private Optional<String> change = Optional.empty();

    StandardInputPass(Posix posix, ScanOptions options, ReadGate gate, ScanProgress progress, PeakGauge gauge) {
        this.posix = posix;
        this.options = options;
        this.gate = gate;
        this.progress = progress;
        this.gauge = gauge;
    }

    /**
     * Reads descriptor 0 to its end, unless the scan is to stop, and computes the digests that were chosen in the
     * buffer.
     */
    ScanOutcome run(WalkEntry found, DigestBuffer digestBuffer) throws InterruptedException {
        long start = System.nanoTime();
        Map<DigestAlgorithm, byte[]> values;
        try {
            read(digestBuffer);
        } catch (IOException | RuntimeException e) { // the scan continues with the files
            return ScanOutcome.failed(found, start, digestedBytes, effect, List.of(), ScanOutcome.describe(found, e));
        } finally {
            values = digestBuffer.finish();
        }
        if (progress.isStopping()) {
            return new ScanOutcome(null, effect, digestedBytes);
        }
        var result = new FileResult(
                found.path(),
                digestedBytes,
                values,
                List.of(),
                ScanOutcome.secondsSince(start),
                change.map(how -> found.path() + ": " + how),
                Optional.empty());
        return new ScanOutcome(result, effect, digestedBytes);
    }

    private void read(DigestBuffer digestBuffer) throws IOException, InterruptedException {
        var in = StandardInput.open(posix, new MountTraitsCache(posix));
        if (in.stored().isEmpty()) {
            readStream(in, digestBuffer);
            return;
        }
        ByteRange rest = in.within(ALL);
        try (var file = in.stored().get()) {
            if (rest.lengthBytes() > 0) {
                readFile(file, rest, digestBuffer);
                in.moveTo(rest.offsetBytes() + digestedBytes);
            }
            change = file.change(posix);
        }
    }

    private void readFile(OpenedFile file, ByteRange rest, DigestBuffer digestBuffer)
            throws IOException, InterruptedException {
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), options.wish());
        var window = new Window(posix, file.traits(), plan, file.fd(), file.status(), rest, options.readBytes(), gauge);
        var relay = new DigestPipeline(window, digestBuffer.digests(), gate, progress);
        try (window) {
            window.onMove(progress::addBytes);
            relay.digestShare(digestBuffer.buffer());
        } finally {
            digestedBytes = relay.doneBytes();
            effect = window.effect();
        }
        if (relay.failure() instanceof IOException e) {
            throw e;
        }
        if (relay.failure() != null) {
            throw new IllegalStateException(relay.failure());
        }
    }

    private void readStream(StandardInput in, DigestBuffer digestBuffer) throws IOException, InterruptedException {
        NativeBuffer buffer = digestBuffer.buffer();
        int readBytes = Math.min(READ_BYTES, buffer.sizeBytes());
        int count = in.read(buffer, readBytes, Optional.empty(), progress::isWaitOver);
        while (count > 0) {
            gate.take(count, progress::isWaitOver);
            gate.leave();
            for (Digest digest : digestBuffer.digests()) {
                digest.update(buffer, 0, count);
            }
            digestedBytes += count;
            progress.addBytes(count);
            count = in.read(buffer, readBytes, Optional.empty(), progress::isWaitOver);
        }
    }
}
