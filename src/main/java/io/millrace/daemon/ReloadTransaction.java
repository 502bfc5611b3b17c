// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.daemon.config.Configuration;
import java.io.IOException;
import java.util.List;

/**
 * Applies a new configuration to the parts of the service, one after the other: to all of them or to none. One thread
 * at a time.
 */
final class ReloadTransaction {
    /** A part of the service; applying a configuration to it may fail half-way. */
    interface Part {
        void apply(Configuration before, Configuration next) throws IOException;
    }

    /** The rollback failed too, so some parts have the old configuration and some the new one. */
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
     * Applies the new configuration part by part. If a part fails, it and all earlier parts are rolled back.
     *
     * @throws Torn if the rollback fails too
     * @throws IOException one line that says why nothing has changed
     */
    void apply(Configuration before, Configuration next) throws IOException {
        int applied = 0;
        try {
            for (Part part : parts) {
                applied++;
                part.apply(before, next);
            }
        } catch (IOException | RuntimeException | Error e) { // a thread that cannot be created causes an Error
            throw backFrom(e, applied, before, next);
        }
    }

    private IOException backFrom(Throwable failure, int applied, Configuration before, Configuration next) {
        IOException why = failure instanceof IOException known
                ? known
                : new IOException("the configuration is good, but cannot be applied: " + failure, failure);
        boolean isBack = true;
        for (int i = applied - 1; i >= 0; i--) {
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
