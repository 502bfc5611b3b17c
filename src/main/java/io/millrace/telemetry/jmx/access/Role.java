// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import io.millrace.units.EnumLabels;
import java.util.List;
import java.util.Optional;

/** The permissions of a user. */
public enum Role {
    /** May read attributes, and call operations that change nothing. */
    READONLY,
    READWRITE;

    static Optional<Role> of(String word) {
        return EnumLabels.find(List.of(values()), word);
    }
}
