// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.ArrayList;
import java.util.List;

/** A compiled {@link FileFilter}. One thread at a time. */
final class FilterMatcher {
    private static final char SLASH = '/';

    /** A pattern, and the part of a path that it is matched against. */
    private record Rule(Glob glob, boolean wholePath, boolean directoriesOnly) {
        static Rule of(String text) {
            boolean directoriesOnly = text.length() > 1 && text.charAt(text.length() - 1) == SLASH;
            String body = directoriesOnly ? text.substring(0, text.length() - 1) : text;
            boolean rooted = !body.isEmpty() && body.charAt(0) == SLASH;
            var glob = new Glob(rooted ? body.substring(1) : body, text);
            return new Rule(glob, rooted || body.indexOf(SLASH) >= 0, directoriesOnly);
        }

        boolean matches(byte[] path, int below, int name) {
            return glob.matches(path, wholePath ? below : name);
        }
    }

    private final List<Rule> includes = new ArrayList<>();
    private final List<Rule> excludes = new ArrayList<>();

    FilterMatcher(List<String> include, List<String> exclude) {
        for (String pattern : include) {
            var rule = Rule.of(pattern);
            if (rule.directoriesOnly) {
                throw Glob.bad(pattern, "ends in a slash, so it matches no file; write " + pattern + "**");
            }
            includes.add(rule);
        }
        exclude.forEach(pattern -> excludes.add(Rule.of(pattern)));
    }

    /** Whether it admits everything. */
    boolean isEmpty() {
        return includes.isEmpty() && excludes.isEmpty();
    }

    /**
     * @param below offset in {@code path} of the part below the given path
     * @param name offset in {@code path} of the last component
     */
    boolean admitsFile(byte[] path, int below, int name) {
        for (Rule rule : excludes) {
            if (!rule.directoriesOnly && rule.matches(path, below, name)) {
                return false;
            }
        }
        for (Rule rule : includes) {
            if (rule.matches(path, below, name)) {
                return true;
            }
        }
        return includes.isEmpty();
    }

    /** Like {@link #admitsFile}, for a directory: whether it is to be entered. */
    boolean admitsDirectory(byte[] path, int below, int name) {
        for (Rule rule : excludes) {
            if (rule.matches(path, below, name)) {
                return false;
            }
        }
        return true;
    }
}
