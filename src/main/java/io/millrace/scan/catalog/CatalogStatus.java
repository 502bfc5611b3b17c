// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.CatalogStats;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Snapshot of the service's catalog.
 *
 * @param database its path, as text; empty if it is off
 * @param reason one line that says why it is not open
 * @param stats of the last reading; empty before the first
 * @param alarms the most urgent first, {@link #MAX_ALARMS} at most
 * @param alarmCount of files that nobody has acknowledged
 * @param acknowledgedCount of files that somebody has
 * @param coverage by source, for those with a promise
 * @param lastBackup when the newest backup was begun
 * @param backupProblem one line that says why the last backup failed
 * @param notices lines for the operator about how it was opened
 */
public record CatalogStatus(
        State state,
        String database,
        Optional<String> reason,
        Optional<CatalogStats> stats,
        List<Alarm> alarms,
        long alarmCount,
        long acknowledgedCount,
        List<CoverageStatus> coverage,
        Optional<Instant> lastBackup,
        Optional<String> backupProblem,
        List<String> notices) {
    public static final int MAX_ALARMS = 1000;

    public static final CatalogStatus OFF = new CatalogStatus(
            State.OFF,
            "",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            0,
            0,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of());

    public CatalogStatus {
        alarms = List.copyOf(alarms);
        coverage = List.copyOf(coverage);
        notices = List.copyOf(notices);
    }

    /** Whether it can be used. */
    public enum State {
        /** The configuration names none, and no source needs one. */
        OFF,
        OPEN,
        FAILED
    }

    /** A line for everything that an operator has to see to. */
    public List<String> problems() {
        var lines = new ArrayList<String>();
        reason.ifPresent(why -> lines.add("catalog: " + why));
        lines.addAll(notices);
        backupProblem.ifPresent(why -> lines.add("catalog: no backup: " + why));
        if (alarmCount > 0) {
            String first = alarms.stream()
                    .filter(alarm -> !alarm.isAcknowledged())
                    .findFirst()
                    .map(alarm -> alarm.path() + ": " + alarm.verdict().label() + "; " + alarm.advice())
                    .orElse("");
            lines.add("catalog: " + alarmCount + (alarmCount == 1 ? " corrupt file: " : " corrupt files, first ")
                    + first);
        }
        coverage.forEach(
                source -> source.plan().breaksInNights().ifPresent(nights -> lines.add(forecast(source, nights))));
        return lines;
    }

    static String forecast(CoverageStatus source, int nights) {
        String what = nights == 0
                ? ": verify-within is broken: "
                : ": verify-within will be broken in " + nights + (nights == 1 ? " night: " : " nights: ");
        return "source " + source.source() + what + source.plan().why();
    }
}
