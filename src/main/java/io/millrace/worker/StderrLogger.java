// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.libc.BytePath;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Splits the stderr of a process into printable lines and limits their rate to twenty a second. A carriage return ends
 * a line too, as in a progress bar. One thread.
 */
final class StderrLogger {
    private static final int MAX_LINE_BYTES = 4096;
    private static final int LINES_PER_PERIOD = 20;
    private static final long PERIOD_NANOS = 1_000_000_000;

    private final Consumer<String> to;
    private final byte[] line = new byte[MAX_LINE_BYTES];
    private int length;
    private long periodStart = System.nanoTime();
    private int linesInPeriod;
    private long unheard;

    StderrLogger(Consumer<String> to) {
        this.to = to;
    }

    void add(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte b = bytes.get();
            if (b == '\n' || b == '\r') {
                endLine();
            } else {
                line[length++] = b;
                if (length == MAX_LINE_BYTES) {
                    endLine();
                }
            }
        }
    }

    /** Logs the last unterminated line and the number of lines that were dropped. */
    void close() {
        endLine();
        sayUnheard();
    }

    private void endLine() {
        if (length == 0) {
            return;
        }
        long now = System.nanoTime();
        if (now - periodStart >= PERIOD_NANOS) {
            periodStart = now;
            linesInPeriod = 0;
            sayUnheard();
        }
        if (++linesInPeriod <= LINES_PER_PERIOD) {
            to.accept(BytePath.display(Arrays.copyOf(line, length)));
        } else {
            unheard++;
        }
        length = 0;
    }

    private void sayUnheard() {
        if (unheard > 0) {
            to.accept("(" + unheard + " lines more)");
            unheard = 0;
        }
    }
}
