// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.nio.charset.StandardCharsets;

/** What a pattern means, by trying everything: slow, and plain enough to be right. */
public final class NaiveGlob {
    private final byte[] pattern;
    private final byte[] text;

    private NaiveGlob(byte[] pattern, byte[] text) {
        this.pattern = pattern;
        this.text = text;
    }

    public static boolean matches(String pattern, byte[] text) {
        return new NaiveGlob(pattern.getBytes(StandardCharsets.UTF_8), text).from(0, 0);
    }

    private boolean from(int p, int t) {
        if (p == pattern.length) {
            return t == text.length;
        }
        return switch (pattern[p]) {
            case '*' -> stars(p, t);
            case '?' -> t < text.length && text[t] != '/' && from(p + 1, t + 1);
            case '[' -> t < text.length && text[t] != '/' && bracket(p, t);
            case '\\' -> t < text.length && text[t] == pattern[p + 1] && from(p + 2, t + 1);
            default -> t < text.length && text[t] == pattern[p] && from(p + 1, t + 1);
        };
    }

    private boolean stars(int p, int t) {
        int end = p;
        while (end < pattern.length && pattern[end] == '*') {
            end++;
        }
        boolean one = end - p == 1;
        boolean fresh = p == 0 || pattern[p - 1] == '/';
        if (!one && fresh && end < pattern.length && pattern[end] == '/' && from(end + 1, t)) {
            return true;
        }
        for (int taken = t; taken <= text.length; taken++) {
            if (from(end, taken)) {
                return true;
            }
            if (taken < text.length && one && text[taken] == '/') {
                return false;
            }
        }
        return false;
    }

    /** Of the generator's: single bytes and ranges, no escapes. */
    private boolean bracket(int p, int t) {
        boolean negated = pattern[p + 1] == '!' || pattern[p + 1] == '^';
        int at = p + (negated ? 2 : 1);
        int first = at;
        boolean found = false;
        while (at == first || pattern[at] != ']') {
            int high = pattern[at + 1] == '-' && pattern[at + 2] != ']' ? at + 2 : at;
            found |= pattern[at] <= text[t] && text[t] <= pattern[high] && text[t] > 0;
            at = high + 1;
        }
        return found != negated && from(at + 1, t + 1);
    }
}
