// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.util.List;

/**
 * Which files below the given paths are read: those that match an {@code include}, or all where there is none, and no
 * {@code exclude}. A pattern without a slash is matched with the file's name alone, others with the path below the given
 * one; {@code *} and {@code ?} do not match a slash, {@code **} does; {@code [a-z]} as in glob(7). A directory that an
 * exclude matches is not entered. By bytes.
 */
public record FileFilter(List<String> include, List<String> exclude) {
    public static final FileFilter ALL = new FileFilter(List.of(), List.of());
}
