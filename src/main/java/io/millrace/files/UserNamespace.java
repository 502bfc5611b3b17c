// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Which users this process's user namespace knows (user_namespaces(7)). Files of all others are shown as of one user, 65534
 * as a rule. Immutable.
 *
 * @param map the content of {@code /proc/self/uid_map}: first user inside, first outside, count
 * @param overflow who stands for those that are not in it, from {@code /proc/sys/kernel/overflowuid}
 */
record UserNamespace(String map, long overflow) {
    private static final long USUAL_OVERFLOW = 65534;
    private static final int MAX_BYTES = 64 << 10;

    /** Where /proc does not tell, one that knows everybody. */
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

    /** Whether this number stands for users that are not in the namespace. */
    boolean isUnmapped(int user) {
        return !map.isBlank()
                && Integer.toUnsignedLong(user) == overflow
                && map.lines().map(line -> line.strip().split("\\s+")).noneMatch(range -> {
                    long first = Long.parseLong(range[0]);
                    return overflow >= first && overflow - first < Long.parseLong(range[2]);
                });
    }
}
