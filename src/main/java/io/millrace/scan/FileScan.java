// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CacheGauge;
import io.millrace.pagecache.Mounts;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Window;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.EOFException;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one file from open to close. Shared by the threads of a scan. */
final class FileScan {
    /** Below this a second hand would come too late to be of use. */
    private static final long WORTH_A_HAND_BYTES = 4 << 20;

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * How it went.
     *
     * @param result null where the scan was stopped in the middle
     */
    record Outcome(@Nullable FileResult result, CacheEffect effect, long bytes) {}

    private final Posix posix;
    private final ScanOptions options;
    private final RateLimiter limiter;
    private final ScanProgress progress;
    private final Crew crew;
    private final CacheGauge gauge;
    private final Mounts mounts;

    FileScan(
            Posix posix, ScanOptions options, RateLimiter limiter, ScanProgress progress, Crew crew, CacheGauge gauge) {
        this.posix = posix;
        this.options = options;
        this.limiter = limiter;
        this.progress = progress;
        this.crew = crew;
        this.gauge = gauge;
        this.mounts = new Mounts(posix);
    }

    Outcome scan(Found found, Hand hand) throws InterruptedException {
        long start = System.nanoTime();
        if (found.error() != null) {
            return failure(found, start, 0, CacheEffect.NONE, found.error());
        }
        try (var file = OpenedFile.open(posix, mounts, found)) {
            return read(found, file, hand, start);
        } catch (IOException e) {
            return failure(found, start, 0, CacheEffect.NONE, words(found, e));
        }
    }

    private Outcome read(Found found, OpenedFile file, Hand hand, long start) throws IOException, InterruptedException {
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), file.status(), options.wish());
        var window = new Window(
                posix, file.traits(), plan, file.fd(), file.status(), file.content(), options.readBytes(), gauge);
        var relay = new Relay(window, hand.digests(), limiter, progress);
        Throwable failure;
        Map<DigestAlgorithm, byte[]> digests;
        try (window) {
            work(relay, file.status().sizeBytes(), hand);
            failure = relay.failure();
        } catch (PosixException e) { // all may be read, but who knows what is left in the page cache
            failure = relay.failure() == null ? e : relay.failure();
        } finally {
            digests = hand.finish();
        }
        long done = relay.doneBytes();
        CacheEffect effect = window.effect();
        if (failure != null) {
            return failure(found, start, done, effect, words(found, failure));
        }
        if (done < file.status().sizeBytes()) {
            return new Outcome(null, effect, done);
        }
        Optional<String> change;
        try {
            change = file.change(posix).map(how -> found.path() + ": " + how);
        } catch (PosixException e) { // what was read and done to the page cache counts all the same
            return failure(found, start, done, effect, words(found, e));
        }
        var result = new FileResult(found.path(), done, digests, secondsSince(start), change, Optional.empty());
        return new Outcome(result, effect, done);
    }

    private void work(Relay relay, long sizeBytes, Hand hand) throws InterruptedException {
        boolean worthHands = sizeBytes >= WORTH_A_HAND_BYTES;
        if (worthHands) {
            crew.callForHands(relay);
        }
        try {
            relay.lendHand(hand.buffer());
        } finally {
            if (worthHands) {
                crew.dismiss(relay);
            }
        }
    }

    private static Outcome failure(Found found, long start, long bytes, CacheEffect effect, String error) {
        return new Outcome(FileResult.failed(found.path(), bytes, secondsSince(start), error), effect, bytes);
    }

    private static String words(Found found, Throwable e) {
        if (e instanceof EOFException) {
            return found.path() + ": shrank while it was read: " + e.getMessage();
        }
        return e instanceof IOException ? String.valueOf(e.getMessage()) : found.path() + ": " + e;
    }

    private static double secondsSince(long startNanos) {
        return (System.nanoTime() - startNanos) / NANOS_PER_SECOND;
    }
}
