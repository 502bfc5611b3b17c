// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.Arrays;

/**
 * Sort key of a directory entry that orders entries like the bytes of the paths that start with them: a directory's
 * name is compared together with the slash that follows it, so that {@code a-b} and {@code a.txt} sort before
 * everything in {@code a/}, and {@code ab} after it.
 */
record PathKey(byte[] name, boolean isDirectory) implements Comparable<PathKey> {
    private static final int END = -1;

    static PathKey file(byte[] name) {
        return new PathKey(name, false);
    }

    static PathKey directory(byte[] name) {
        return new PathKey(name, true);
    }

    @Override
    public int compareTo(PathKey other) {
        int at = Arrays.mismatch(name, other.name);
        return at < 0 ? Boolean.compare(isDirectory, other.isDirectory) : Integer.compare(byteAt(at), other.byteAt(at));
    }

    private int byteAt(int index) {
        return index < name.length ? name[index] & 0xFF : isDirectory ? '/' : END;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PathKey key && compareTo(key) == 0;
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(name);
    }
}
