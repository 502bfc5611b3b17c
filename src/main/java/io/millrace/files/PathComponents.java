// SPDX-License-Identifier: Apache-2.0
package io.millrace.files;

import io.millrace.posix.libc.BytePath;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The components of an absolute path, without {@code .} and empty ones; none is {@code ..}. Immutable. */
record PathComponents(List<byte[]> names) {
    /**
     * Throws {@link OutsideRootsException} for a relative path, one with {@code ..}, or one with a NUL, at which the
     * kernel would cut it.
     */
    static PathComponents of(BytePath path) throws OutsideRootsException {
        byte[] bytes = path.toBytes();
        if (bytes[0] != '/') {
            throw new OutsideRootsException(path, "is not absolute");
        }
        var names = new ArrayList<byte[]>();
        int start = 1;
        for (int i = 1; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] == 0) {
                throw new OutsideRootsException(path, "contains a NUL byte");
            }
            if (i == bytes.length || bytes[i] == '/') {
                add(names, Arrays.copyOfRange(bytes, start, i), path);
                start = i + 1;
            }
        }
        return new PathComponents(names);
    }

    private static void add(List<byte[]> names, byte[] name, BytePath path) throws OutsideRootsException {
        if (Arrays.equals(name, new byte[] {'.', '.'})) {
            throw new OutsideRootsException(path, "contains '..'");
        }
        if (name.length > 0 && !Arrays.equals(name, new byte[] {'.'})) {
            names.add(name);
        }
    }

    int count() {
        return names.size();
    }

    byte[] last() {
        return names.get(names.size() - 1);
    }

    PathComponents parent() {
        return new PathComponents(names.subList(0, names.size() - 1));
    }

    PathComponents from(int index) {
        return new PathComponents(names.subList(index, names.size()));
    }

    boolean startsWith(PathComponents tree) {
        if (tree.count() > count()) {
            return false;
        }
        for (int i = 0; i < tree.count(); i++) {
            if (!Arrays.equals(names.get(i), tree.names.get(i))) {
                return false;
            }
        }
        return true;
    }

    /** Returns a relative path of these components. */
    byte[] joined() {
        var joined = new ByteArrayOutputStream();
        for (byte[] name : names) {
            if (joined.size() > 0) {
                joined.write('/');
            }
            joined.writeBytes(name);
        }
        return joined.toByteArray();
    }
}
