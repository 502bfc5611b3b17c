// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.scan.CronModel;
import io.millrace.testkit.Amount;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Schedules by cron lines, in zones of tzdata and for two years each, against {@link CronModel}. A few zones by default;
 * with {@code -Dmillrace.cron.zones=all} all of them. {@code -Dmillrace.seed} repeats a run.
 */
@Timeout(900)
class CronZonesTest {
    private static final boolean ALL = "all".equals(System.getProperty("millrace.cron.zones"));
    private static final long SEED = Long.getLong("millrace.seed", System.nanoTime());

    /** Changes at midnight, by half an hour, of a day, below zero, in Ramadan, of three hours. */
    private static final Set<String> SPECIAL = Set.of(
            "America/Asuncion",
            "America/Havana",
            "Asia/Beirut",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Europe/Dublin",
            "Africa/Casablanca",
            "Antarctica/Casey");

    private final Random random = new Random(SEED);

    @Test
    void runsWhenCronDoes() {
        System.out.println("CronZonesTest: -Dmillrace.seed=" + SEED);
        long compared = 0;
        for (String zone : zones()) {
            for (int year : years(zone)) {
                compared += compare(ZoneId.of(zone), year);
            }
        }
        assertThat(compared).isPositive();
        System.out.println("CronZonesTest: " + compared + " runs compared");
    }

    private Set<String> zones() {
        if (ALL) {
            return new TreeSet<>(ZoneId.getAvailableZoneIds());
        }
        List<String> some = new ArrayList<>(new TreeSet<>(ZoneId.getAvailableZoneIds()));
        Collections.shuffle(some, random);
        var zones = new LinkedHashSet<>(new TreeSet<>(SPECIAL));
        zones.addAll(some.subList(0, Amount.of(0, 8, 40)));
        return zones;
    }

    private List<Integer> years(String zone) {
        int drawn = zone.equals("Pacific/Apia") ? 2010 + random.nextInt(2) : 1980 + random.nextInt(55);
        return ALL ? List.of(2026, drawn) : List.of(drawn);
    }

    private long compare(ZoneId zone, int year) {
        Instant from = Instant.parse(year + "-01-01T00:00:00Z");
        Instant to = Instant.parse((year + 2) + "-01-01T00:00:00Z");
        long compared = 0;
        List<CronModel> lines = new ArrayList<>(List.of(CronModel.at(0, 0), CronModel.at(2, 30)));
        for (int i = 0; i < 3; i++) {
            lines.add(CronModel.random(random));
        }
        for (CronModel line : lines) {
            compared += compare(line, zone, from, to);
        }
        return compared;
    }

    /** Every run begins late by seconds, which must change nothing. */
    private long compare(CronModel model, ZoneId zone, Instant from, Instant to) {
        CronLine line = CronLine.parse(model.text());
        List<Instant> runs = model.runs(zone, from, to);
        Instant last = from;
        for (Instant run : runs) {
            Instant next = line.next(last, zone).orElse(Instant.MAX);
            if (!next.equals(run)) { // a description of each comparison would take most of the time
                assertThat(next).as(model.describe(zone, last, SEED)).isEqualTo(run);
            }
            last = run.plus(Duration.ofMillis(random.nextInt(59_999)));
        }
        assertThat(line.next(last, zone).filter(to::isAfter))
                .as(model.describe(zone, last, SEED))
                .isEmpty();
        return runs.size();
    }
}
