// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.http.page;

import io.millrace.prealloc.pool.PoolStatus;
import io.millrace.telemetry.DisplayFormat;
import io.millrace.telemetry.ServiceSnapshot;
import io.millrace.telemetry.http.page.StatusPage.Cell;
import io.millrace.telemetry.http.page.StatusPage.Row;
import io.millrace.telemetry.http.page.StatusPage.Table;
import io.millrace.telemetry.http.page.StatusPage.Tone;
import io.millrace.units.EnumLabels;
import java.util.List;

/** The table of configured pools: how full they are, and how long the free space will last. */
final class PoolRows {
    /** If the space lasts for less than this, the operator should provide more. */
    private static final double SOON_SECONDS = 24 * 60 * 60;

    private PoolRows() {}

    static Table table(ServiceSnapshot snapshot) {
        var rows = snapshot.pools().stream().map(PoolRows::row).toList();
        var columns = List.of("Pool", "State", "Ready", "Claims", "Space lasts", "Directory");
        return new Table("pools", "Pools", columns, rows, "No pool is configured.");
    }

    private static Row row(PoolStatus pool) {
        return new Row(List.of(
                Cell.of(pool.spec().name())
                        .note("files of " + DisplayFormat.bytes(pool.spec().fileBytes())),
                state(pool),
                ready(pool),
                Cell.of(DisplayFormat.count(pool.claims())).note(SummaryTiles.claimRate(pool.claimsPerSecond())),
                space(pool),
                directory(pool)));
    }

    private static Cell state(PoolStatus pool) {
        Tone tone = switch (pool.state()) {
            case READY -> Tone.GOOD;
            case FILLING -> Tone.BUSY;
            case STARVED, FAILED -> Tone.BAD;
        };
        return Cell.of(EnumLabels.of(pool.state()))
                .note(pool.reason().orElse(""))
                .tone(tone);
    }

    private static Cell ready(PoolStatus pool) {
        int target = pool.spec().ready();
        int surplus = pool.ready() - target;
        if (surplus > 0) {
            return Cell.of(DisplayFormat.count(target) + " (+" + DisplayFormat.count(surplus) + " surplus)")
                    .note("claims take the surplus; it is not filled up again");
        }
        Cell ready = Cell.of(DisplayFormat.count(pool.ready()) + " of " + DisplayFormat.count(target));
        return surplus == 0 ? ready : ready.fraction((double) pool.ready() / target);
    }

    private static Cell space(PoolStatus pool) {
        if (pool.secondsOfSpace().isEmpty()) {
            return Cell.of(DisplayFormat.NOTHING).note(free(pool));
        }
        double seconds = pool.secondsOfSpace().getAsDouble();
        return Cell.of(DisplayFormat.span(seconds))
                .note("at the rate of the last claims; " + free(pool))
                .tone(seconds < SOON_SECONDS ? Tone.WARN : Tone.PLAIN);
    }

    private static String free(PoolStatus pool) {
        if (pool.freeBytes().isEmpty()) {
            return "free space is not known";
        }
        String reserve = pool.reserveBytes().isPresent()
                ? DisplayFormat.bytes(pool.reserveBytes().getAsLong())
                : DisplayFormat.NOTHING;
        return DisplayFormat.bytes(pool.freeBytes().getAsLong()) + " free, reserve " + reserve;
    }

    private static Cell directory(PoolStatus pool) {
        Cell path = Cell.of(pool.spec().directory().display());
        if (pool.strangers() == 0) {
            return path;
        }
        String first = pool.strangerWords().stream().findFirst().orElse("");
        return path.note(DisplayFormat.count(pool.strangers(), "foreign file") + ", ignored: " + first);
    }
}
