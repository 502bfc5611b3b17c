// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that listens as its options say, and can be made to listen otherwise. One thread at a time.
 *
 * @param <O> the options
 */
final class Face<O> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Face.class);

    /** Begins to listen; the result ends it. */
    interface Opener<O> {
        AutoCloseable open(O options) throws IOException;
    }

    private final Opener<O> opener;
    private O options;
    private AutoCloseable open;

    Face(Opener<O> opener, O options) throws IOException {
        this.opener = opener;
        this.options = options;
        this.open = opener.open(options);
    }

    O options() {
        return options;
    }

    /** Listens as {@code next} says; where that fails, as before. */
    void apply(O next) throws IOException {
        if (next.equals(options)) {
            return;
        }
        open = reopened(next);
        options = next;
    }

    private AutoCloseable reopened(O next) throws IOException {
        AutoCloseable fresh;
        try {
            fresh = opener.open(next);
        } catch (IOException e) { // perhaps only because the old one has the port
            end(open);
            return openInPlace(next);
        }
        end(open);
        return fresh;
    }

    private AutoCloseable openInPlace(O next) throws IOException {
        try {
            return opener.open(next);
        } catch (IOException e) {
            open = opener.open(options);
            throw e;
        }
    }

    private static void end(AutoCloseable face) {
        try {
            face.close();
        } catch (Exception e) {
            LOG.warn("what listened did not end well", e);
        }
    }

    /** What fails is logged: whoever closes has nothing else to do about it. */
    @Override
    public void close() {
        end(open);
    }
}
