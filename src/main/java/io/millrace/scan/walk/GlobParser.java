// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import io.millrace.posix.libc.BytePath;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** Parses one pattern; use an instance once. */
final class GlobParser {
    /** PATH_MAX of the kernel. */
    private static final int MAX_BYTES = 4096;

    private static final int VALUES = 256;
    private static final BitSet NOTHING = new BitSet();
    private static final BitSet ANYTHING = without("");
    private static final BitSet NO_SLASH = without("/");
    private static final BitSet SLASH = only('/');

    /**
     * One state of the NFA.
     *
     * @param advances bytes on which it moves to the next state
     * @param stays bytes on which it stays active
     * @param mayPass 0; 1 if the next state is reached without a byte; 2 if the state after the next is reached too
     */
    record Token(BitSet advances, BitSet stays, int mayPass) {}

    private static final Token STAR = new Token(NOTHING, NO_SLASH, 1);
    private static final Token TREE = new Token(NOTHING, ANYTHING, 1);

    /**
     * The two states of a {@code **}{@code /} at the start of a component, which matches any number of components,
     * including none.
     */
    private static final List<Token> COMPONENTS =
            List.of(new Token(NOTHING, NOTHING, 2), new Token(SLASH, ANYTHING, 0));

    private final String quoted;
    private final byte[] pattern;
    private int at;

    GlobParser(String pattern, String quoted) {
        this.quoted = quoted;
        this.pattern = BytePath.encode(pattern);
        if (this.pattern.length == 0) {
            throw bad(quoted, "is empty");
        }
        if (this.pattern.length > MAX_BYTES) {
            throw new IllegalArgumentException("a pattern is longer than " + MAX_BYTES + " bytes");
        }
    }

    static IllegalArgumentException bad(String pattern, String why) {
        return new IllegalArgumentException("pattern '" + BytePath.display(BytePath.encode(pattern)) + "' " + why);
    }

    List<Token> tokens() {
        var tokens = new ArrayList<Token>();
        while (at < pattern.length) {
            boolean fresh = at == 0 || pattern[at - 1] == '/';
            byte value = pattern[at++];
            switch (value) {
                case 0 -> throw bad(quoted, "has a NUL byte, as no name has");
                case '*' -> stars(tokens, fresh);
                case '?' -> tokens.add(new Token(NO_SLASH, NOTHING, 0));
                case '[' -> tokens.add(new Token(new Brackets().set(), NOTHING, 0));
                case '\\' -> tokens.add(literal(escaped()));
                default -> tokens.add(literal(value & 0xFF));
            }
        }
        return tokens;
    }

    private void stars(List<Token> tokens, boolean fresh) {
        int from = at - 1;
        while (at < pattern.length && pattern[at] == '*') {
            at++;
        }
        if (at - from == 1) {
            tokens.add(STAR);
        } else if (fresh && at < pattern.length && pattern[at] == '/') {
            at++;
            tokens.addAll(COMPONENTS);
        } else {
            tokens.add(TREE);
        }
    }

    private int escaped() {
        if (at == pattern.length) {
            throw bad(quoted, "ends in a backslash");
        }
        return pattern[at++] & 0xFF;
    }

    private static Token literal(int value) {
        return new Token(only(value), NOTHING, 0);
    }

    private static BitSet only(int value) {
        var set = new BitSet(VALUES);
        set.set(value);
        return set;
    }

    private static BitSet without(String excluded) {
        var set = new BitSet(VALUES);
        set.set(0, VALUES);
        excluded.chars().forEach(set::clear);
        return set;
    }

    /** Parses a bracket expression, from the byte after its {@code [}. It never matches a slash. */
    private final class Brackets {
        private final BitSet set = new BitSet(VALUES);

        BitSet set() {
            boolean negated = at < pattern.length && (pattern[at] == '!' || pattern[at] == '^');
            at += negated ? 1 : 0;
            int first = at;
            while (at == first || peek() != ']') {
                if (peek() == '[' && at + 1 < pattern.length && ":.=".indexOf(pattern[at + 1]) >= 0) {
                    namedClass();
                } else {
                    range();
                }
            }
            at++;
            if (negated) {
                set.flip(0, VALUES);
            }
            set.clear('/');
            return set;
        }

        private int peek() {
            if (at >= pattern.length) {
                throw bad(quoted, "has a bracket that is not closed");
            }
            return pattern[at] & 0xFF;
        }

        private int member() {
            int value = peek();
            at++;
            if (value == '\\') {
                value = escaped();
            }
            if (value == '/') {
                throw bad(quoted, "has a slash in brackets, which match none");
            }
            if (value == 0 || value > 0x7F) {
                throw bad(quoted, "has more than ASCII in brackets, which match one byte");
            }
            return value;
        }

        private void range() {
            int low = member();
            boolean ranged = peek() == '-' && at + 1 < pattern.length && pattern[at + 1] != ']';
            int high = low;
            if (ranged) {
                at++;
                high = member();
            }
            if (high < low) {
                throw bad(quoted, "has a reversed range");
            }
            set.set(low, high + 1);
        }

        private void namedClass() {
            int end = at + 2;
            while (end < pattern.length && pattern[end] >= 'a' && pattern[end] <= 'z') {
                end++;
            }
            boolean closed = end + 1 < pattern.length && pattern[end] == ':' && pattern[end + 1] == ']';
            if (pattern[at + 1] != ':' || !closed) {
                throw bad(quoted, "has an expression in brackets other than [:name:]");
            }
            set.or(asciiClass(new String(pattern, at + 2, end - at - 2, StandardCharsets.US_ASCII)));
            at = end + 2;
        }

        private BitSet asciiClass(String name) {
            var members = new BitSet(VALUES);
            for (int value = 1; value < 0x80; value++) {
                members.set(value, isIn(name, value));
            }
            return members;
        }

        private boolean isIn(String name, int value) {
            boolean lower = value >= 'a' && value <= 'z';
            boolean upper = value >= 'A' && value <= 'Z';
            boolean digit = value >= '0' && value <= '9';
            boolean graph = value > ' ' && value < 0x7F;
            return switch (name) {
                case "lower" -> lower;
                case "upper" -> upper;
                case "digit" -> digit;
                case "alpha" -> lower || upper;
                case "alnum" -> lower || upper || digit;
                case "xdigit" -> digit || (value | 0x20) >= 'a' && (value | 0x20) <= 'f';
                case "punct" -> graph && !lower && !upper && !digit;
                case "graph" -> graph;
                case "print" -> graph || value == ' ';
                case "blank" -> value == ' ' || value == '\t';
                case "space" -> value == ' ' || value >= '\t' && value <= '\r';
                case "cntrl" -> value < ' ' || value == 0x7F;
                default -> throw bad(quoted, "names an unknown character class with [:" + name + ":]");
            };
        }
    }
}
