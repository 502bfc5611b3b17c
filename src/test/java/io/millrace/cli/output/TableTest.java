// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.ctl.CtlFormats;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableTest {
    private static Table table(String spare, String lasts) {
        return new Table(
                List.of("POOL", "LASTS", "DIRECTORY"),
                List.of(List.of("wal", lasts, "/srv/wal/ready")),
                new Table.Layout(spare.isEmpty() ? List.of() : List.of(spare), "", ""));
    }

    @Test
    void columnsAreAsWideAsTheyNeedToBe() {
        assertThat(table("", "2 h").lines(80)).containsExactly("POOL  LASTS  DIRECTORY", "wal     2 h  /srv/wal/ready");
        assertThat(table("", "2 h").lines(20)).containsExactly("POOL  LASTS  DIRECTO", "wal     2 h  /srv/wa");
        assertThat(table("", "-").lines(80)).containsExactly("POOL  LASTS  DIRECTORY", "wal   -      /srv/wal/ready");
    }

    @Test
    void theSpareColumnIsShownWhereThereIsRoomAndItSaysSomething() {
        int room = "wal     2 h  /srv/wal/ready".length();
        assertThat(table("LASTS", "2 h").lines(room)).isEqualTo(table("", "2 h").lines(80));
        for (var lines : List.of(
                table("LASTS", "2 h").brief(room - 1, Set.of()),
                table("LASTS", "-").lines(80))) {
            assertThat(lines).containsExactly("POOL  DIRECTORY", "wal   /srv/wal/ready");
        }
        assertThat(table("LASTS", "2 h").lines(room - 1))
                .containsExactly("POOL  DIRECTORY", "wal   /srv/wal/ready", "  wal: lasts 2 h");
    }

    private static final Table POOLS = new Table(
            List.of("POOL", "STATE", "DIRECTORY", "REASON"),
            List.of(
                    List.of(
                            "big",
                            "starved",
                            "/var/lib/postgresql/segments/ready",
                            "/var has 12 GiB free, reserve 10%"),
                    List.of("wal", "ready", "/srv/wal", "-")),
            new Table.Layout(List.of(), "REASON", "DIRECTORY"));

    @Test
    void theReasonIsNeverCutAndTheDirectoryIsShortened() {
        assertThat(POOLS.lines(200).get(1)).endsWith("/ready  /var has 12 GiB free, reserve 10%");
        assertThat(POOLS.lines(40))
                .hasSize(4)
                .contains("wal   ready    /srv/wal", "  big: /var has 12 GiB free, reserve 10%");
        assertThat(POOLS.lines(40).get(1))
                .startsWith("big   starved  …")
                .endsWith("/ready")
                .hasSize(40);
        assertThat(POOLS.brief(40, Set.of("big"))).hasSize(3);
    }

    /** The most that is known of a source, on terminals of several widths. */
    @ParameterizedTest
    @ValueSource(ints = {200, 120, 80, 40})
    void nothingOfASourceIsCutHoweverNarrowTheTerminal(int columns) {
        var table = new Table(
                CtlFormats.SOURCES.headings(),
                List.of(
                        List.of(
                                "programs",
                                "every 1h",
                                "-",
                                "2026-11-28 11:03:22 +01:00",
                                "13 s",
                                "804",
                                "371 MiB",
                                "2026-11-28 12:03:22 +01:00",
                                "-"),
                        List.of("gone", "on request", "-", "-", "1 s", "0", "0 B", "-", "/gone: ENOENT")),
                CtlFormats.SOURCES.layout());
        var lines = table.lines(columns);
        assertThat(lines).allSatisfy(line -> assertThat(Table.cells(line)).isLessThanOrEqualTo(columns));
        String all = String.join(" ", lines).replaceAll("\\s+", " ");
        assertThat(all)
                .contains(
                        "2026-11-28 11:03:22 +01:00",
                        "13 s",
                        "804",
                        "371 MiB",
                        "2026-11-28 12:03:22 +01:00",
                        "every 1h")
                .contains("/gone: ENOENT");
        if (columns == 80) {
            assertThat(lines)
                    .containsExactly(
                            "SOURCE    SCHEDULE    LAST GOOD                   NEXT",
                            "programs  every 1h    2026-11-28 11:03:22 +01:00  2026-11-28 12:03:22 +01:00",
                            "gone      on request  -                           -",
                            "  gone: /gone: ENOENT",
                            "  programs: took 13 s, files 804, read 371 MiB",
                            "  gone: took 1 s, files 0, read 0 B");
        }
    }

    @Test
    void wrapsAtSpacesAndBreaksWhatHasNone() {
        assertThat(Table.wrap("pool big is starved", 12)).containsExactly("pool big is", "    starved");
        assertThat(Table.wrap("abcdefghijklmno", 10)).containsExactly("abcdefghij", "    klmno");
        assertThat(Table.wrap("short", 10)).containsExactly("short");
    }

    @Test
    void onlyTheWordsThatTellOfTroubleAreRed() {
        assertThat(Colours.ON.paint("big   starved  /srv/failed"))
                .isEqualTo("big   \033[31mstarved\033[0m  /srv/failed");
        assertThat(Colours.ON.paint("  source a is failing: x")).isEqualTo("  source a is \033[31mfailing\033[0m: x");
        assertThat(Colours.OFF.paint("big   starved  x")).isEqualTo("big   starved  x");
    }
}
