// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import java.util.concurrent.Callable;
import java.util.function.Predicate;

/**
 * Measurements of what is in the page cache. A host may take pages that nobody touches at any time (DAMON does within
 * seconds), so that a measurement which it disturbed is made again, from the beginning, a few times.
 *
 * <pre>{@code
 * Undisturbed.run(() -> {
 *     BitSet hot = heat(file);
 *     scan(file);
 *     PageProbe.assertKept(hot, probe.resident(file)); // where it fails, all of this is run again
 * });
 * }</pre>
 */
public final class Undisturbed {
    private static final int MAX_ATTEMPTS = 6;

    private Undisturbed() {}

    /** Pages are gone that should have stayed: by the fault of what is tested, or of the host. */
    static final class PagesGone extends AssertionError {
        private static final long serialVersionUID = 1;

        PagesGone(String what) {
            super(what);
        }
    }

    /** A measurement and what is asserted of it. */
    public interface Attempt {
        void run() throws Exception;
    }

    /** Runs it once more while pages are gone, and fails when that was so every time. No other failure is repeated. */
    public static void run(Attempt attempt) throws Exception {
        for (int left = MAX_ATTEMPTS - 1; left > 0; left--) {
            try {
                attempt.run();
                return;
            } catch (PagesGone e) {
                System.out.println("the host may have taken pages, so once more: " + e.getMessage());
            }
        }
        attempt.run();
    }

    /** The first measurement that was not disturbed, or the last one if all were. */
    public static <T> T measure(Callable<T> once, Predicate<T> isDisturbed) throws Exception {
        T measured = once.call();
        for (int left = MAX_ATTEMPTS - 1; left > 0 && isDisturbed.test(measured); left--) {
            System.out.println("the host took pages, so once more: " + measured);
            measured = once.call();
        }
        return measured;
    }
}
