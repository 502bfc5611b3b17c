// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import java.util.ArrayList;
import java.util.List;

/**
 * A command line taken apart into words, as a POSIX shell would (Shell Command Language, 2.2 Quoting), without one:
 * quotes and backslashes are honoured; nothing is expanded, and {@code | ; & < > ( ) $ * ? #} are letters like others.
 */
public final class ShellWords {
    private static final char NONE = 0;
    private static final String ESCAPED_IN_DOUBLE_QUOTES = "$`\"\\";

    private final String text;
    private final List<String> words = new ArrayList<>();
    private final StringBuilder word = new StringBuilder();

    /** Whether a word is under way: after {@code ''} one is, although it has no letter. */
    private boolean begun;

    /** The quote that is open, or {@link #NONE}, and where it began. */
    private char quote = NONE;

    private int quoteAt;

    private ShellWords(String text) {
        this.text = text;
    }

    /**
     * The words, none for a text of blanks. Throws {@link IllegalArgumentException} that names the character, counted
     * from 1, of a quote that nobody closed, or of a last backslash that has nothing to stand for.
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

    /** The backslash at {@code at}; returns where the letter is that it takes with it. */
    private int escape(int at) {
        if (at + 1 == text.length()) {
            if (quote != NONE) {
                return at; // the open quote is the error to tell
            }
            throw new IllegalArgumentException("nothing follows the backslash at character " + position(at));
        }
        char next = text.charAt(at + 1);
        if (next == '\n') {
            return at + 1; // a line that goes on in the next one
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
