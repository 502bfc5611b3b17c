// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.util.Map;

/**
 * Bounds what RMI keeps for clients that have not logged in, by properties of the JDK that it reads when its first class
 * is loaded. The operator's own, by -D, win.
 *
 * <p>Leases (java.rmi.dgc) are not given: anybody could hold any number of them, for ten minutes each. Nothing here needs
 * one, as {@link RoleServer} holds the objects that clients call; a client whose lease was refused goes on without.
 */
final class RmiLimits {
    private static final Map<String, String> LIMITS = Map.of(
            "sun.rmi.transport.dgcFilter", "!*",
            // How long a reference is kept that a client was given and does not say it has: 5 minutes by default.
            "sun.rmi.dgc.ackTimeout", "1000");

    private RmiLimits() {}

    /** Before anything else of RMI is used. */
    static void apply() {
        LIMITS.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }
}
