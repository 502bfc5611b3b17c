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
 * A server that listens according to its options and can be reconfigured while it runs. If neither the new nor the
 * previous options can be opened, {@link #trouble()} reports why, and {@link #settle} retries. Any thread; its owner
 * closes it.
 *
 * @param <O> the options
 */
final class Endpoint<O> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Endpoint.class);

    /** Opens a listening server. */
    interface Opener<O> {
        Server open(O options) throws IOException;
    }

    /** A server that listens until it is closed. */
    interface Server extends AutoCloseable {
        /** Returns the bound address; empty if the server is disabled by configuration and does not listen. */
        default Optional<ListenAddress> at() {
            return Optional.empty();
        }
    }

    private final String name;
    private final Opener<O> opener;
    private final Duration gracePeriod;

    @GuardedBy("this") private O options;

    /** Null before the first opening, and while the options cannot be opened. */
    @GuardedBy("this") private @Nullable Server server;

    @GuardedBy("this") private boolean announced;

    /** The reason why it does not listen. Volatile, because a thread that {@link #apply} may wait for reads it. */
    private volatile @Nullable String trouble;

    /** The previous server, which stays open until its clients have received their responses. */
    @GuardedBy("this") private @Nullable Server former;

    @GuardedBy("this") private long formerUntilNanos;

    /**
     * @param gracePeriod how long the previous server stays open after a change of address, so that its clients receive
     *     the result of the reload
     */
    Endpoint(String name, Opener<O> opener, O options, Duration gracePeriod) {
        this.name = name;
        this.opener = opener;
        this.options = options;
        this.gracePeriod = gracePeriod;
    }

    /** Opens the server with its first options. */
    synchronized void open() throws IOException {
        listen(opener.open(options));
    }

    synchronized O options() {
        return options;
    }

    /** Opens the server with {@code next}; if that fails, restores the previous options. */
    synchronized void apply(O next) throws IOException {
        if (next.equals(options)) {
            return; // if it does not listen, settle retries
        }
        closeFormer(); // the previous server may occupy the port
        Server old = server;
        Server fresh;
        try {
            fresh = opener.open(next);
        } catch (IOException e) {
            if (old == null) {
                throw e;
            }
            end(old); // perhaps only the old server occupies the port
            openInPlace(next);
            return;
        }
        listen(fresh);
        options = next;
        if (old != null) {
            former = old;
            formerUntilNanos = System.nanoTime() + gracePeriod.toNanos();
            closeFormerIfDue();
        }
    }

    @GuardedBy("this") private void openInPlace(O next) throws IOException {
        server = null;
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

    @GuardedBy("this") private void listen(Server fresh) {
        server = fresh;
        announced = false;
        trouble = null;
    }

    /** Logs the address, which is of interest if the configured port is 0. */
    synchronized void announce() {
        if (server != null && !announced) {
            announced = true;
            server.at().ifPresent(at -> LOG.info("{}: listens on {}", name, at));
        }
    }

    /** Does the deferred work: closes the previous server and retries a failed opening. Must be called periodically. */
    synchronized void settle() {
        closeFormerIfDue();
        if (trouble != null) {
            try {
                listen(opener.open(options));
                announce();
            } catch (IOException e) {
                trouble = name + " does not listen (" + e.getMessage() + ")";
            }
        }
    }

    /** Returns false while {@link #settle} has work to do. */
    synchronized boolean isSettled() {
        return former == null && trouble == null;
    }

    /** Returns one line that says why it does not listen although it should. */
    Optional<String> trouble() {
        return Optional.ofNullable(trouble);
    }

    @GuardedBy("this") private void closeFormerIfDue() {
        if (System.nanoTime() - formerUntilNanos >= 0) {
            closeFormer();
        }
    }

    @GuardedBy("this") private void closeFormer() {
        Server before = former;
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

    /** Failures are logged, because the caller can do nothing else about them. */
    @Override
    public synchronized void close() {
        closeFormer();
        trouble = null;
        if (server != null) {
            end(server);
        }
    }
}
