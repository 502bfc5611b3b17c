// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.walk;

import java.util.Arrays;
import java.util.List;

/**
 * One pattern of a {@link FileFilter}, compiled to an NFA whose states advance together with each byte. A match takes
 * at most the length of the pattern times that of the name, whatever the pattern. One thread at a time.
 */
final class Glob {
    private final List<GlobParser.Token> tokens;

    /**
     * The active states: element {@code i} is true if the text has to match token {@code i} next; the last element is
     * the final state.
     */
    private boolean[] now;

    private boolean[] next;

    Glob(String pattern) {
        this(pattern, pattern);
    }

    /** @param quoted text by which error messages quote the pattern */
    Glob(String pattern, String quoted) {
        tokens = new GlobParser(pattern, quoted).tokens();
        now = new boolean[tokens.size() + 1];
        next = new boolean[tokens.size() + 1];
    }

    static IllegalArgumentException bad(String pattern, String why) {
        return GlobParser.bad(pattern, why);
    }

    /** Whether the bytes of {@code text} from {@code start} to its end match. */
    boolean matches(byte[] text, int start) {
        Arrays.fill(now, false);
        enter(now, 0);
        for (int at = start; at < text.length; at++) {
            if (!step(text[at] & 0xFF)) {
                return false;
            }
        }
        return now[tokens.size()];
    }

    /** Consumes one byte; returns false if no state is active afterwards. */
    private boolean step(int value) {
        Arrays.fill(next, false);
        boolean alive = false;
        for (int i = 0; i < tokens.size(); i++) {
            if (now[i]) {
                GlobParser.Token token = tokens.get(i);
                if (token.stays().get(value)) {
                    enter(next, i);
                    alive = true;
                }
                if (token.advances().get(value)) {
                    enter(next, i + 1);
                    alive = true;
                }
            }
        }
        boolean[] spent = now;
        now = next;
        next = spent;
        return alive;
    }

    /** Activates a state, and those that it reaches without consuming a byte. */
    private void enter(boolean[] states, int first) {
        int state = first;
        while (!states[state]) {
            states[state] = true;
            if (state == tokens.size() || tokens.get(state).mayPass() == 0) {
                return;
            }
            if (tokens.get(state).mayPass() == 2) {
                enter(states, state + 2);
            }
            state++;
        }
    }
}
