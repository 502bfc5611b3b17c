// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.RateHistory;
import java.util.Locale;

/** The rate chart as plain SVG, for browsers without scripts, and until the script has drawn its own chart. */
final class Sparkline {
    private static final int WIDTH = 600;
    private static final int HEIGHT = 100;

    /** The number of seconds for each point. */
    private static final int STEP = 5;

    private Sparkline() {}

    static void draw(Markup html, RateHistory.View history) {
        double highest = history.highest();
        String now = DisplayFormat.rate(history.last());
        String label = "Now " + now + ", at most " + DisplayFormat.rate(highest);
        html.open(
                "svg",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "preserveAspectRatio",
                "none",
                "role",
                "img",
                "aria-label",
                label);
        html.element("polygon", "", "points", points(history.bytesPerSecond(), highest));
        html.close();
        html.element("figcaption", label);
    }

    private static String points(double[] rates, double highest) {
        var points = new StringBuilder("0," + HEIGHT);
        for (int from = 0; from < rates.length; from += STEP) {
            double most = 0;
            for (int i = from; i < Math.min(from + STEP, rates.length); i++) {
                most = Math.max(most, rates[i]);
            }
            double x = (double) WIDTH * from / (rates.length - STEP);
            double y = highest > 0 ? HEIGHT - most / highest * (HEIGHT - 2) : HEIGHT;
            points.append(String.format(Locale.ROOT, " %.1f,%.1f", x, y));
        }
        return points.append(" " + WIDTH + "," + HEIGHT).toString();
    }
}
