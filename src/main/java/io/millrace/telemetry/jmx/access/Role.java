// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a user may do. */
public enum Role {
    /** See attributes, and call what changes nothing. */
    READONLY,
    READWRITE;

    static Optional<Role> of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }
}
