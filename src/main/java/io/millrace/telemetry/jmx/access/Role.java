// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** The permissions of a user. */
public enum Role {
    /** May read attributes, and call operations that change nothing. */
    READONLY,
    READWRITE;

    static Optional<Role> of(String word) {
        return Arrays.stream(values())
                .filter(role -> role.name().toLowerCase(Locale.ROOT).equals(word))
                .findFirst();
    }
}
