// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Bounds the memory that the requests of all clients together occupy while they are read and served. Each connection
 * may use {@link #SMALL_BYTES} unconditionally; larger requests share {@link #MAX_BYTES}. If these do not suffice, the
 * connection of the lowest role whose large request started first is closed. In the heap a byte of a request occupies
 * at most about 15 bytes (a string of one character), so the total fits into the service's 64 MiB: 128 × 8 KiB × 15 + 1
 * MiB × 15 = 30 MiB. Any thread.
 */
public final class RequestBudget {
    static final int SMALL_BYTES = 8 << 10;
    static final int MAX_BYTES = 1 << 20;

    @GuardedBy("this") private final Map<AcceptedSocket, Integer> large = new LinkedHashMap<>();

    @GuardedBy("this") private int total;

    /** Charges {@code bytes}, the size of the request that {@code connection} has sent so far. */
    void charge(AcceptedSocket connection, int bytes) {
        AcceptedSocket victim = null;
        synchronized (this) {
            if (connection.isClosed()) {
                return;
            }
            Integer before = large.put(connection, bytes);
            total += bytes - (before == null ? 0 : before);
            if (total > MAX_BYTES) {
                victim = large.keySet().stream() // min() returns the first of equal elements, which started first
                        .min(Comparator.comparingInt(AcceptedSocket::rank))
                        .orElseThrow();
                forget(victim);
            }
        }
        if (victim != null) {
            victim.cutOff("all requests under way together have more than " + (MAX_BYTES >> 10) + " KiB");
        }
    }

    /** Ends the charge of a request that has been answered, or will not be. */
    synchronized void release(AcceptedSocket connection) {
        forget(connection);
    }

    @GuardedBy("this") private void forget(AcceptedSocket connection) {
        Integer held = large.remove(connection);
        total -= held == null ? 0 : held;
    }
}
