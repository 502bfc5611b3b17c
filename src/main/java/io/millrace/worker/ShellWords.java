// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command line into words as a POSIX shell does (Shell Command Language, 2.2 Quoting), without starting one:
 * quotes and backslashes are interpreted; nothing is expanded, and {@code | ; & < > ( ) $ * ? #} are ordinary
 * characters. Any thread.
 */
public final class ShellWords {
    private static final char NONE = 0;
    private static final String ESCAPED_IN_DOUBLE_QUOTES = "$`\"\\";

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    /** Whether a word has started: after {@code ''} one has, although it has no character. */
    private boolean begun;

    /** The open quote, or {@link #NONE}, and its position. */
    private char quote = NONE;

    private int quoteAt;

    private ShellWords(String text) {
        this.text = text;
    }

    /**
     * Returns the words; none for a blank text. Throws an {@link IllegalArgumentException} whose message names the
     * position, counted from 1, of an unclosed quote or of a trailing backslash.
     */
    public static List<String> split(String text) {
        return new ShellWords(text).split();
    }

    private List<String> split() {
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (quote == '\'' ? c == '\'' : quote == '"' && c == '"') {
                quote = NONE;
            } else if (quote == '\'') {
                word.append(c);
            } else if (c == '\\') {
                at = escape(at);
            } else if (quote == NONE && (c == '\'' || c == '"')) {
                quote = c;
                quoteAt = at;
                begun = true;
            } else if (quote == NONE && (c == ' ' || c == '\t' || c == '\n')) {
                end();
            } else {
                letter(c);
            }
            at++;
        }
        if (quote != NONE) {
            throw new IllegalArgumentException(
                    "the quote " + quote + " at character " + position(quoteAt) + " is not closed");
        }
        end();
        return List.copyOf(words);
    }

    /** Interprets the backslash at {@code at}; returns the position of the character that it escapes. */
    private int escape(int at) {
        if (at + 1 == text.length()) {
            if (quote != NONE) {
                return at; // the open quote is the error to report
            }
            throw new IllegalArgumentException("nothing follows the backslash at character " + position(at));
        }
        char next = text.charAt(at + 1);
        if (next == '\n') {
            return at + 1; // line continuation
        }
        if (quote != NONE && ESCAPED_IN_DOUBLE_QUOTES.indexOf(next) < 0) {
            letter('\\');
        }
        letter(next);
        return at + 1;
    }

    private void letter(char c) {
        word.append(c);
        begun = true;
    }

    private void end() {
        if (begun) {
            words.add(word.toString());
        }
        word.setLength(0);
        begun = false;
    }

    private int position(int at) {
        return text.codePointCount(0, at) + 1;
    }
}
