// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.millrace.telemetry.ListenAddress;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that listens as its options say, and can be made to listen otherwise. Where even the former options open
 * nothing any more, it says so, and {@link #settle} tries them again. Any thread.
 *
 * @param <O> the options
 */
final class Endpoint<O> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /** Begins to listen. */
    interface Opener<O> {
        Ear open(O options) throws IOException;
    }

    /** What listens, until it is closed. */
    interface Ear extends AutoCloseable {
        /** Empty where it only seems to, since it is configured off. */
        default Optional<ListenAddress> at() {
            return Optional.empty();
        }
    }

    private final String name;
    private final Opener<O> opener;
    private final Duration farewell;

    @GuardedBy("this") private O options;

    /** Null before the first opening, and where the options open nothing any more. */
    @GuardedBy("this") private @Nullable Ear ear;

    @GuardedBy("this") private boolean announced;

    /** Why it does not listen. Asked for by those whose end {@link #apply} may wait for. */
    private volatile @Nullable String trouble;

    /** The one before, until its clients have had their answers. */
    @GuardedBy("this") private @Nullable Ear former;

    @GuardedBy("this") private long formerUntilNanos;

    /** {@code farewell}: for how long clients of one that has moved may go on, so that they hear how the move went. */
    Endpoint(String name, Opener<O> opener, O options, Duration farewell) {
        this.name = name;
        this.opener = opener;
        this.options = options;
        this.farewell = farewell;
    }

    /** Listens as its first options say. */
    synchronized void open() throws IOException {
        listen(opener.open(options));
    }

    synchronized O options() {
        return options;
    }

    /** Listens as {@code next} says; where that fails, as before. */
    synchronized void apply(O next) throws IOException {
        if (next.equals(options)) {
            return; // and where it does not listen, settle is at it
        }
        letGo(); // it may have the port
        Ear old = ear;
        Ear fresh;
        try {
            fresh = opener.open(next);
        } catch (IOException e) {
            if (old == null) {
                throw e;
            }
            end(old); // perhaps only that has the port
            openInPlace(next);
            return;
        }
        listen(fresh);
        options = next;
        if (old != null) {
            former = old;
            formerUntilNanos = System.nanoTime() + farewell.toNanos();
            letGoIfDue();
        }
    }

    @GuardedBy("this") private void openInPlace(O next) throws IOException {
        ear = null;
        try {
            listen(opener.open(next));
            options = next;
        } catch (IOException e) {
            try {
                listen(opener.open(options));
            } catch (IOException again) {
                e.addSuppressed(again);
                trouble = name + " does not listen (" + again.getMessage() + ")";
                LOG.error("{}; it is tried again", trouble);
            }
            throw e;
        }
    }

    @GuardedBy("this") private void listen(Ear fresh) {
        ear = fresh;
        announced = false;
        trouble = null;
    }

    /** The address is news where any port was asked for. */
    synchronized void announce() {
        if (ear != null && !announced) {
            announced = true;
            ear.at().ifPresent(at -> LOG.info("{}: listens on {}", name, at));
        }
    }

    /** Does what was left for later; due once in a while. */
    synchronized void settle() {
        letGoIfDue();
        if (trouble != null) {
            try {
                listen(opener.open(options));
                announce();
            } catch (IOException e) {
                trouble = name + " does not listen (" + e.getMessage() + ")";
            }
        }
    }

    /** False while {@link #settle} has something to do. */
    synchronized boolean isSettled() {
        return former == null && trouble == null;
    }

    /** Why it does not listen though it should; one line. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @GuardedBy("this") private void letGoIfDue() {
        if (System.nanoTime() - formerUntilNanos >= 0) {
            letGo();
        }
    }

    @GuardedBy("this") private void letGo() {
        Ear before = former;
        former = null;
        if (before != null) {
            end(before);
        }
    }

    private void end(AutoCloseable ended) {
        try {
            ended.close();
        } catch (Exception e) {
            LOG.warn("{}: what listened did not end well", name, e);
        }
    }

    /** What fails is logged: whoever closes has nothing else to do about it. */
    @Override
    public synchronized void close() {
        letGo();
        trouble = null;
        if (ear != null) {
            end(ear);
        }
    }
}
