// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.posix.libc.BytePath;
import java.util.Arrays;

/**
 * Normalizes names, so that {@code a}, {@code ./a} and {@code /CWD//a} are one file: the result is absolute, without
 * empty components and {@code .}. {@code ..} is kept, because its meaning depends on symbolic links. Immutable; any
 * thread.
 */
public final class NormalPath {
    private final byte[] workingDirectory;

    /** {@code workingDirectory}: absolute path to which relative names are resolved. */
    public NormalPath(BytePath workingDirectory) {
        this.workingDirectory = normalized(workingDirectory.toBytes());
    }

    /** Returns the normal form without a trailing slash; that of the root is empty. */
    byte[] of(byte[] name) {
        if (name[0] == '/') {
            return normalized(name);
        }
        byte[] joined = Arrays.copyOf(workingDirectory, workingDirectory.length + 1 + name.length);
        joined[workingDirectory.length] = '/';
        System.arraycopy(name, 0, joined, workingDirectory.length + 1, name.length);
        return normalized(joined);
    }

    /** Returns the normal form of a path: absolute, without a trailing slash unless it is the root. */
    public BytePath of(BytePath path) {
        byte[] normal = of(path.toBytes());
        return BytePath.of(normal.length == 0 ? new byte[] {'/'} : normal);
    }

    /** Whether {@code path} is {@code tree} or below it; both must be in normal form. */
    public static boolean isWithin(byte[] path, byte[] tree) {
        return path.length >= tree.length
                && Arrays.equals(path, 0, tree.length, tree, 0, tree.length)
                && (path.length == tree.length || path[tree.length] == '/');
    }

    /** Normalizes an absolute path; returns the same array if it is in normal form. */
    private static byte[] normalized(byte[] path) {
        byte[] out = new byte[path.length];
        int length = 0;
        int start = 1;
        for (int i = 1; i <= path.length; i++) {
            if (i == path.length || path[i] == '/') {
                int size = i - start;
                if (size > 0 && !(size == 1 && path[start] == '.')) {
                    out[length++] = '/';
                    System.arraycopy(path, start, out, length, size);
                    length += size;
                }
                start = i + 1;
            }
        }
        return length == path.length ? path : Arrays.copyOf(out, length);
    }
}
