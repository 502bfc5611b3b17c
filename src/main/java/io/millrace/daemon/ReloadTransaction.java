// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import java.io.IOException;
import java.util.List;

/** Takes parts of the service to another configuration, one after the other: all of them, or none. One thread at a time. */
final class ReloadTransaction {
    /** A part; it may fail half-way. */
    interface Part {
        void apply(Configuration before, Configuration next) throws IOException;
    }

    /** The parts could not be taken back either, so that some are as before and some are not. */
    static final class Torn extends IOException {
        private static final long serialVersionUID = 1L;

        private Torn(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private final List<Part> parts;

    ReloadTransaction(Part... parts) {
        this.parts = List.of(parts);
    }

    /**
     * Parts are told in order. Where one fails, it and those before it are told the reverse.
     *
     * @throws Torn where that fails too
     * @throws IOException one line of why nothing has changed
     */
    void apply(Configuration before, Configuration next) throws IOException {
        int told = 0;
        try {
            for (Part part : parts) {
                told++;
                part.apply(before, next);
            }
        } catch (IOException | RuntimeException | Error e) { // errors too: a thread that is not to be had is one
            throw backFrom(e, told, before, next);
        }
    }

    private IOException backFrom(Throwable failure, int told, Configuration before, Configuration next) {
        IOException why = failure instanceof IOException known
                ? known
                : new IOException("the configuration is good, but cannot be applied: " + failure, failure);
        boolean isBack = true;
        for (int i = told - 1; i >= 0; i--) {
            try {
                parts.get(i).apply(next, before);
            } catch (IOException | RuntimeException | Error e) {
                isBack = false;
                why.addSuppressed(e);
            }
        }
        String torn = why.getMessage() + "\nand what was done of it cannot be undone ("
                + (isBack ? "" : why.getSuppressed()[why.getSuppressed().length - 1]) + "); restart the service";
        return isBack ? why : new Torn(torn, why);
    }
}
