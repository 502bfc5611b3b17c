// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The components of an absolute path, without {@code .} and empty ones, and with no way up or back among them. */
record PathNames(List<byte[]> names) {
    /** {@link OutsideException} for a relative path, one with {@code ..}, or one with a NUL, where the kernel's would end. */
    static PathNames of(BytePath path) throws OutsideException {
        byte[] bytes = path.toBytes();
        if (bytes[0] != '/') {
            throw new OutsideException(path, "is not absolute");
        }
        var names = new ArrayList<byte[]>();
        int start = 1;
        for (int i = 1; i <= bytes.length; i++) {
            if (i < bytes.length && bytes[i] == 0) {
                throw new OutsideException(path, "contains a NUL byte");
            }
            if (i == bytes.length || bytes[i] == '/') {
                add(names, Arrays.copyOfRange(bytes, start, i), path);
                start = i + 1;
            }
        }
        return new PathNames(names);
    }

    private static void add(List<byte[]> names, byte[] name, BytePath path) throws OutsideException {
        if (Arrays.equals(name, new byte[] {'.', '.'})) {
            throw new OutsideException(path, "contains '..'");
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

    PathNames parent() {
        return new PathNames(names.subList(0, names.size() - 1));
    }

    PathNames from(int index) {
        return new PathNames(names.subList(index, names.size()));
    }

    boolean startsWith(PathNames tree) {
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

    /** As a relative path. */
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
