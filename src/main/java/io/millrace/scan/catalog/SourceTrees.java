// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.record.CatalogNames;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The paths of a source by the names that the catalog has, and its filter. One thread at a time. */
final class SourceTrees {
    private final List<BytePath> roots = new ArrayList<>();
    private final List<BytePath> files = new ArrayList<>();
    private final List<Predicate<BytePath>> filters = new ArrayList<>();

    /** Asks the kernel what the paths are. */
    SourceTrees(Posix posix, RecordedSource source) {
        var names = new CatalogNames(posix);
        for (BytePath path : source.paths()) {
            BytePath name = names.of(path);
            if (isFile(posix, name)) {
                files.add(name);
            } else {
                roots.add(name);
                filters.add(source.filter().below(name));
            }
        }
    }

    private static boolean isFile(Posix posix, BytePath path) {
        try {
            return posix.files().status(path).type() == FileType.REGULAR;
        } catch (PosixException e) {
            return false; // the walk reports it
        }
    }

    /** Directories, and what is not there. */
    List<BytePath> roots() {
        return roots;
    }

    /** Files that the source names itself. */
    List<BytePath> files() {
        return files;
    }

    /** Whether a walk of the source would come by a file of this name. */
    boolean admits(BytePath path) {
        for (int i = 0; i < roots.size(); i++) {
            if (isBelow(path, roots.get(i)) && filters.get(i).test(path)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a path is in a directory or below it. */
    static boolean isBelow(BytePath path, BytePath root) {
        byte[] prefix = root.resolve(new byte[0]).toBytes();
        byte[] bytes = path.toBytes();
        return bytes.length > prefix.length && Arrays.equals(bytes, 0, prefix.length, prefix, 0, prefix.length);
    }
}
