// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Suggests a known word for an unknown one, in case it was mistyped. Stateless; any thread. */
public final class Suggestion {
    /** Longer words are not compared, because the effort grows with the square of the length. */
    private static final int MAX_LETTERS = 100;

    private Suggestion() {}

    /** Returns the known word with the smallest edit distance; empty if none is close. */
    public static Optional<String> closest(String word, Collection<String> known) {
        if (word.length() > MAX_LETTERS) {
            return Optional.empty();
        }
        String plain = plain(word);
        int most = Math.max(1, plain.length() / 3);
        return known.stream()
                .filter(candidate -> Math.abs(candidate.length() - plain.length()) <= most)
                .filter(candidate -> slips(plain, plain(candidate)) <= most)
                .min(Comparator.comparingInt(candidate -> slips(plain, plain(candidate))));
    }

    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Counts deleted, inserted, substituted and transposed letters (optimal string alignment distance). */
    static int slips(String from, String to) {
        int[][] cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(cost, i, j, from, to);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(int[][] cost, int i, int j, String from, String to) {
        int changed = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int best = Math.min(cost[i - 1][j - 1] + changed, Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(best, cost[i - 2][j - 2] + 1) : best;
    }
}
