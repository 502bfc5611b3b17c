// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kernel's files, as they were seen beside neighbours of all kinds. */
class PsiReaderTest {
    private static final long SECOND = 1_000_000_000;
    private static final long SECOND_MICROS = 1_000_000;
    private static final long SECOND_TICKS = 100;

    @TempDir
    Path directory;

    private long now = 77 * SECOND;
    private long told = 916_086_664;
    private long idle = 1_859_514;

    /** A second passes with so much of it told, and idle processors. */
    private void second(double share, double idleProcessors) {
        now += SECOND;
        told += Math.round(share * SECOND_MICROS);
        idle += Math.round(idleProcessors * SECOND_TICKS);
    }

    private long read(PsiReader gauge, int processors) throws IOException {
        Files.writeString(
                directory.resolve("io"),
                "some avg10=0.01 avg60=0.12 avg300=0.14 total=" + told
                        + "\nfull avg10=0.00 avg60=0.08 avg300=0.10 total=499912066\n");
        var stat = new StringBuilder("cpu  2426277 36655 688176 " + idle + " 77598 0 10475 6104 0 0\n");
        for (int i = 0; i < processors; i++) {
            stat.append("cpu").append(i).append(" 1204891 17126 292127 1 21820 0 1210 3035 0 0\n");
        }
        Files.writeString(directory.resolve("stat"), stat + "intr 44066032 0 0\nctxt 5\n");
        return gauge.waitedMicros();
    }

    private PsiReader gauge() {
        return new PsiReader(directory.resolve("io"), directory.resolve("stat"), () -> now);
    }

    /** What is heard of a second. */
    private long heard(double share, double idleProcessors, int processors) throws IOException {
        var gauge = gauge();
        long before = read(gauge, processors);
        second(share, idleProcessors);
        return read(gauge, processors) - before;
    }

    @Test
    void takesTheKernelsFigureWhereOnlyTheOneWhoWaitsIsThere() throws Exception {
        assertThat(heard(0.57, 1, 2)).isEqualTo(570_000);
        assertThat(heard(0.57, 63, 64)).isEqualTo(570_000);
        assertThat(heard(0.57, 2, 2)).as("idle ticks run ahead").isEqualTo(570_000);
    }

    @Test
    void hearsOneWhoWaitsBesideManyWhoCompute() throws Exception {
        assertThat(heard(0.27, 0, 2)).isEqualTo(540_000);
        assertThat(heard(0.01, 0, 64)).isEqualTo(640_000);
        assertThat(heard(0.01, 48, 64)).isEqualTo(160_000);
        assertThat(heard(0.27, -0.3, 2)).as("idle ticks are late").isEqualTo(540_000);
    }

    @Test
    void neverTellsOfMoreThanAllTheTime() throws Exception {
        assertThat(heard(0.9, 0, 2)).isEqualTo(SECOND_MICROS);
        assertThat(heard(1.2, 1, 2)).isEqualTo(SECOND_MICROS);
    }

    @Test
    void addsUpWhatEachSpanWasWorth() throws Exception {
        var gauge = gauge();
        long before = read(gauge, 2);
        second(0.5, 1);
        long half = read(gauge, 2);
        assertThat(half - before).isEqualTo(500_000);
        second(0.1, 0);
        assertThat(read(gauge, 2) - before).isEqualTo(700_000);
        second(0, 0);
        assertThat(read(gauge, 2) - before).isEqualTo(700_000);
        assertThat(read(gauge, 2) - before).as("no time has passed").isEqualTo(700_000);
    }

    @Test
    void saysWhyNobodyKnows() throws Exception {
        read(gauge(), 1);
        Files.writeString(directory.resolve("io"), "full avg10=0.00 total=5\n");
        assertThatThrownBy(() -> gauge().waitedMicros())
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("io") + ": has no 'some' line");
        Files.delete(directory.resolve("io"));
        assertThatThrownBy(() -> gauge().waitedMicros())
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("io")
                        + ": open: No such file or directory (ENOENT); the kernel has no pressure stall information");
        for (String total : List.of("99999999999999999999", "", "\u00ff\u001b", "1 2")) {
            Files.writeString(directory.resolve("io"), "some avg10=0.00 total=" + total + "\n");
            assertThatThrownBy(() -> gauge().waitedMicros())
                    .as(total)
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith(
                            directory.resolve("io") + ": the total of the 'some' line is not a number: '");
        }
        Files.delete(directory.resolve("io"));
        Files.createDirectory(directory.resolve("io"));
        assertThatThrownBy(() -> gauge().waitedMicros())
                .isInstanceOf(IOException.class)
                .hasMessage(directory.resolve("io") + ": read: Is a directory");
    }
}
