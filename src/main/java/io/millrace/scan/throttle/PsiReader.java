// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import io.millrace.posix.libc.BytePath;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads pressure stall information, proc(5): the total of "some" tasks, for all processors together. Needs Linux 4.20
 * and a kernel with PSI enabled; otherwise ENOENT or EOPNOTSUPP. One thread at a time.
 *
 * <p>The kernel's total is the mean over the processors that are not idle. One task that always waits counts as 1 while
 * nothing else runs, but as 1/64 if 63 other processors compute, although it waits no less. This class therefore
 * multiplies by the number of processors that were not idle. The result is capped at the elapsed time, because tasks
 * may wait on several processors at the same time.
 */
public final class PsiReader implements PressureSource {
    private static final Path PRESSURE = Path.of("/proc/pressure/io");
    private static final Path PROCESSORS = Path.of("/proc/stat");

    private static final double NANOS_PER_MICRO = 1e3;

    /** USER_HZ, which is independent of the kernel's tick rate. */
    private static final double MICROS_PER_TICK = 1e4;

    private static final int IDLE_FIELD = 4;

    private final Path pressure;
    private final Path processors;
    private final LongSupplier nanoTime;

    private @Nullable Reading last;
    private double waitedMicros;

    /** The counters at one moment, since boot. */
    private record Reading(long nanos, long toldMicros, long idleTicks, int processors) {}

    public PsiReader() {
        this(PRESSURE, PROCESSORS, System::nanoTime);
    }

    public PsiReader(Path pressure, Path processors, LongSupplier nanoTime) {
        this.pressure = pressure;
        this.processors = processors;
        this.nanoTime = nanoTime;
    }

    @Override
    public long waitedMicros() throws IOException {
        Reading now = read();
        Reading before = last == null ? now : last;
        last = now;
        waitedMicros += waitedMicros(before, now);
        return (long) waitedMicros;
    }

    private static double waitedMicros(Reading before, Reading now) {
        double passedMicros = (now.nanos - before.nanos) / NANOS_PER_MICRO;
        double idleMicros = (now.idleTicks - before.idleTicks) * MICROS_PER_TICK;
        double busyProcessors = now.processors - idleMicros / Math.max(1, passedMicros);
        double told = now.toldMicros - before.toldMicros;
        return Math.min(passedMicros, told * Math.max(1, Math.min(busyProcessors, now.processors)));
    }

    private Reading read() throws IOException {
        long told = toldMicros();
        long idle = 0;
        int count = 0;
        try (BufferedReader lines = Files.newBufferedReader(processors)) {
            for (String line = lines.readLine(); line != null && line.startsWith("cpu"); line = lines.readLine()) {
                if (line.startsWith("cpu ")) {
                    idle = Long.parseLong(line.split(" +")[IDLE_FIELD]);
                } else {
                    count++;
                }
            }
        }
        return new Reading(nanoTime.getAsLong(), told, idle, count);
    }

    private long toldMicros() throws IOException {
        for (String line : lines()) {
            int at = line.indexOf("total=");
            if (line.startsWith("some ") && at >= 0) {
                return micros(line.substring(at + "total=".length()).strip());
            }
        }
        throw new IOException(pressure + ": has no 'some' line");
    }

    private List<String> lines() throws IOException {
        try {
            return Files.readAllLines(pressure, StandardCharsets.ISO_8859_1);
        } catch (NoSuchFileException e) { // its message is only the path
            throw new IOException(
                    pressure
                            + ": open: No such file or directory (ENOENT); the kernel has no pressure stall information",
                    e);
        } catch (AccessDeniedException e) {
            throw new IOException(pressure + ": open: Permission denied (EACCES)", e);
        } catch (IOException e) {
            String why = String.valueOf(e.getMessage());
            String name = pressure.toString();
            throw new IOException(why.startsWith(name) ? why : name + ": read: " + why, e);
        }
    }

    private long micros(String text) throws IOException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            String shown = BytePath.display(text.getBytes(StandardCharsets.ISO_8859_1));
            throw new IOException(pressure + ": the total of the 'some' line is not a number: '" + shown + "'", e);
        }
    }
}
