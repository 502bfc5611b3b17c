// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.posix.Posix;
import java.io.IOException;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Looks up users and groups of this machine by name or number. */
final class Accounts {
    /** Looks up a name in the account database. */
    @FunctionalInterface
    private interface Lookup {
        OptionalInt id(String name) throws IOException;
    }

    private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,9}");

    /** The largest id: the next number means "unchanged" in chown(2). */
    private static final long MOST = 0xFFFF_FFFEL;

    private final Posix posix;

    Accounts(Posix posix) {
        this.posix = posix;
    }

    /** Throws an {@link IllegalArgumentException} if there is no such user. */
    OptionalInt user(String text) {
        return id("user", text, posix.process()::userId);
    }

    /** Throws an {@link IllegalArgumentException} if there is no such group. */
    OptionalInt group(String text) {
        return id("group", text, posix.process()::groupId);
    }

    private static OptionalInt id(String what, String text, Lookup names) {
        if (NUMBER.matcher(text).matches()) {
            long number = Long.parseLong(text);
            if (number > MOST) {
                throw new IllegalArgumentException("'" + text + "' is not within 0 to " + MOST);
            }
            return OptionalInt.of((int) number);
        }
        try {
            OptionalInt id = names.id(text);
            if (id.isPresent()) {
                return id;
            }
        } catch (IOException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
        throw new IllegalArgumentException("there is no " + what + " '" + text + "' on this machine");
    }
}
