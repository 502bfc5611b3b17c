// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.util.Map;

/**
 * Bounds what RMI stores for clients that have not logged in, by JDK properties that RMI reads when its first class is
 * loaded. Values that the operator sets with -D take precedence.
 *
 * <p>Leases (java.rmi.dgc) are not granted: anybody could hold any number of them, for ten minutes each. Nothing here
 * needs one, because {@link RoleServer} holds the objects that clients call; a client whose lease was refused continues
 * without.
 */
final class RmiLimits {
    private static final Map<String, String> LIMITS = Map.of(
            "sun.rmi.transport.dgcFilter", "!*",
            // How long a reference is kept that was sent to a client and not acknowledged; the default is 5 minutes.
            "sun.rmi.dgc.ackTimeout", "1000");

    private RmiLimits() {}

    /** Must be called before any other use of RMI. */
    static void apply() {
        LIMITS.forEach((property, value) -> {
            if (System.getProperty(property) == null) {
                System.setProperty(property, value);
            }
        });
    }
}
