// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.List;

/**
 * Which files below the given paths are read: those that match an {@code include}, or all where there is none, and no
 * {@code exclude}. A pattern without a slash is matched with the file's name alone, others with the path below the given
 * one; {@code *} and {@code ?} do not match a slash, {@code **} does; {@code [a-z]} as in glob(7). A directory that an
 * exclude matches is not entered. By bytes.
 *
 * <p>In full: {@code **}{@code /} at the start of a component also stands for nothing, so {@code **}{@code /a} is any
 * {@code a}. A leading slash says that the pattern is a path, and stands for nothing itself: {@code /a} is only the
 * topmost {@code a}. An exclude that ends in a slash is for directories alone; an include that does is refused, for it
 * would match no file. A backslash takes the meaning of the byte behind it. A leading dot is nothing special, {@code ?}
 * is one byte and no more, and brackets take ASCII alone, since names are in no known encoding.
 *
 * <p>A file that is given as such is read whatever the filter says.
 */
public record FileFilter(List<String> include, List<String> exclude) {
    public static final FileFilter ALL = new FileFilter(List.of(), List.of());

    /** @throws IllegalArgumentException that quotes the bad pattern and says what is wrong with it, in one line */
    public FileFilter {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        var unused = new FilterMatcher(include, exclude);
    }

    /** Ready for use by one thread at a time. */
    FilterMatcher matcher() {
        return new FilterMatcher(include, exclude);
    }
}
