// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * The users that this process's user namespace maps (user_namespaces(7)). Files of all other users appear to belong to
 * one user, usually 65534. Immutable.
 *
 * @param map the content of {@code /proc/self/uid_map}: first user inside, first outside, count
 * @param overflow the user id that represents unmapped users, from {@code /proc/sys/kernel/overflowuid}
 */
record UserNamespace(String map, long overflow) {
    private static final long USUAL_OVERFLOW = 65534;
    private static final int MAX_BYTES = 64 << 10;

    /** Reads it from /proc; if that is not possible, returns one that maps all users. */
    static UserNamespace ofProcess() {
        String map = read("/proc/self/uid_map");
        String overflow = read("/proc/sys/kernel/overflowuid").strip();
        return new UserNamespace(map, overflow.matches("\\d{1,10}") ? Long.parseLong(overflow) : USUAL_OVERFLOW);
    }

    private static String read(String file) {
        try (var in = new FileInputStream(file)) {
            return new String(in.readNBytes(MAX_BYTES), StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "";
        }
    }

    /** Whether this user id represents users that are not mapped. */
    boolean isUnmapped(int user) {
        return !map.isBlank()
                && Integer.toUnsignedLong(user) == overflow
                && map.lines().map(line -> line.strip().split("\\s+")).noneMatch(range -> {
                    long first = Long.parseLong(range[0]);
                    return overflow >= first && overflow - first < Long.parseLong(range[2]);
                });
    }
}
