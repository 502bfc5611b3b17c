// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.libc.BytePath;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * Selects the files below the given paths: those that match an {@code include} (all if there is none) and no
 * {@code exclude}. A pattern without a slash is matched against the file name, any other against the path below the
 * given path. {@code *} and {@code ?} do not match a slash, {@code **} does; {@code [a-z]} works as in glob(7). A
 * directory that matches an exclude is not entered. Matching is by bytes.
 *
 * <p>In detail: {@code **}{@code /} at the start of a component also matches nothing, so {@code **}{@code /a} matches
 * every {@code a}. A leading slash marks the pattern as a path and matches nothing itself: {@code /a} matches only the
 * topmost {@code a}. An exclude that ends in a slash matches only directories; an include that does is rejected,
 * because it would match no file. A backslash escapes the next byte. A leading dot is not special, {@code ?} matches
 * exactly one byte, and brackets accept only ASCII, because the encoding of names is unknown.
 *
 * <p>A file that is given as a path is read whatever the filter says.
 */
public record FileFilter(List<String> include, List<String> exclude) {
    public static final FileFilter ALL = new FileFilter(List.of(), List.of());

    /**
     * @throws IllegalArgumentException whose message quotes the bad pattern and says in one line what is wrong with it
     */
    public FileFilter {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        var unused = new FilterMatcher(include, exclude);
    }

    /**
     * Returns whether a walk of this tree would come by a file, going by its name alone. For paths below it, of one thread at a
     * time.
     */
    public Predicate<BytePath> below(BytePath root) {
        FilterMatcher matcher = matcher();
        int below = root.resolve(new byte[0]).toBytes().length;
        return path -> matcher.isEmpty() || admits(matcher, path.toBytes(), below);
    }

    private static boolean admits(FilterMatcher matcher, byte[] path, int below) {
        int name = below;
        for (int i = below; i < path.length; i++) {
            if (path[i] == '/') {
                if (!matcher.admitsDirectory(Arrays.copyOf(path, i), below, name)) {
                    return false;
                }
                name = i + 1;
            }
        }
        return matcher.admitsFile(path, below, name);
    }

    /** Compiles the filter for use by one thread at a time. */
    FilterMatcher matcher() {
        return new FilterMatcher(include, exclude);
    }
}
