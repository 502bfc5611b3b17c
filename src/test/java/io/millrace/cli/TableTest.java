// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableTest {
    private static Table table(String spare, String lasts) {
        return new Table(
                List.of("POOL", "LASTS", "DIRECTORY"), List.of(List.of("wal", lasts, "/srv/wal/ready")), spare);
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
                table("LASTS", "2 h").lines(room - 1), table("LASTS", "-").lines(80))) {
            assertThat(lines).containsExactly("POOL  DIRECTORY", "wal   /srv/wal/ready");
        }
    }

    @ParameterizedTest
    @CsvSource({"-1, -", "0, 0 s", "119, 119 s", "120, 2 min", "7200, 2 h", "172800, 2 d", "1e300, 9999 d"})
    void theForecastIsToldInTheUnitThatMatters(double seconds, String words) {
        assertThat(CtlForms.lasting(seconds)).isEqualTo(words);
    }
}
