// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.cli.output.Console;
import io.millrace.cli.output.JsonLines;
import io.millrace.cli.output.ResultStream;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.prealloc.AllocationException;
import io.millrace.prealloc.AllocationListener;
import io.millrace.prealloc.AllocationResult;
import io.millrace.prealloc.Reservation;
import io.millrace.scan.ResultJson;
import io.millrace.units.ByteSize;
import io.millrace.units.Decimals;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The output of {@code millrace allocate}: one line for each file on standard output, errors and the summary on
 * standard error.
 */
final class AllocationReport implements AllocationListener {
    private static final double NANOS = 1e9;

    private final ResultStream out;
    private final Console console;
    private final @Nullable JsonLines json;
    private final Set<BytePath> told = new HashSet<>();
    private final Set<BytePath> unsynced = new HashSet<>();
    private int reserved;
    private int failed;
    private int notBegun;
    private long reservedBytes;
    private @Nullable IOException broken;

    AllocationReport(ResultStream out, Console console, boolean json) {
        this.out = out;
        this.console = console;
        this.json = json ? new JsonLines(out) : null;
    }

    int failed() {
        return failed;
    }

    int notBegun() {
        return notBegun;
    }

    @Override
    public void withoutTemporaryFiles(BytePath directory, PosixException why) {
        if (told.add(directory)) {
            console.warn(directory.display() + ": no O_TMPFILE here (" + why.errno()
                    + "), so files start under hidden names");
        }
    }

    @Override
    public void onNameNotSynced(BytePath directory) {
        if (unsynced.add(directory)) {
            console.warn(directory.display()
                    + ": may be written to and not read, so its names could not be synced; a power cut may undo them");
        }
    }

    @Override
    public void finished(AllocationResult outcome) {
        if (outcome instanceof AllocationResult.Reserved done) {
            reserved++;
            reservedBytes += done.verdict().reservedBytes();
        } else if (outcome instanceof AllocationResult.Failed lost) {
            count(lost);
        }
        if (broken == null) {
            print(outcome);
        }
    }

    /** If standard output was closed by its reader, the listing ends, but the reservations continue. */
    private void print(AllocationResult outcome) {
        try {
            if (outcome instanceof AllocationResult.Reserved done) {
                print(done.path(), done.verdict());
            } else if (outcome instanceof AllocationResult.Failed lost) {
                print(lost);
            }
        } catch (IOException e) {
            broken = e;
        }
    }

    private void count(AllocationResult.Failed lost) {
        failed++;
        if (lost.cause() instanceof AllocationException refused && refused.refusal() == Refusal.STOPPED) {
            notBegun++;
        } else {
            console.say(String.valueOf(lost.cause().getMessage()));
        }
    }

    private void print(BytePath path, Reservation verdict) throws IOException {
        double seconds = seconds(verdict.elapsed());
        if (json == null) {
            out.line(path.display() + ": " + verdict.message() + ", " + Decimals.format(seconds, 3) + " s");
            return;
        }
        json.object("file", to -> {
            ResultJson.path(to, path);
            to.writeNumberField("reserved_bytes", verdict.reservedBytes());
            to.writeStringField("method", verdict.method().toString());
            to.writeBooleanField("copy_on_write", verdict.copyOnWrite().isExpected());
            if (verdict.extents().isPresent()) {
                to.writeNumberField("extents", verdict.extents().getAsInt());
            } else {
                to.writeNullField("extents");
            }
            to.writeNumberField("seconds", seconds);
            to.writeNullField("error");
        });
    }

    private void print(AllocationResult.Failed lost) throws IOException {
        if (json == null) {
            return;
        }
        json.object("file", to -> {
            ResultJson.path(to, lost.path());
            to.writeNumberField("reserved_bytes", 0);
            to.writeNullField("method");
            to.writeBooleanField("copy_on_write", false);
            to.writeNullField("extents");
            to.writeNumberField("seconds", 0);
            to.writeStringField("error", lost.cause().getMessage());
        });
    }

    /** Prints the last line, and the summary sentence; {@code seconds} is the time that the preallocator needed. */
    void summary(double seconds) throws IOException {
        if (broken != null) {
            throw broken;
        }
        if (json != null) {
            json.object("summary", to -> {
                to.writeNumberField("files", reserved + failed);
                to.writeNumberField("failed", failed);
                to.writeNumberField("reserved_bytes", reservedBytes);
                to.writeNumberField("seconds", seconds);
            });
        }
        out.flush();
        var text = new StringBuilder("reserved ").append(reserved).append(reserved == 1 ? " file, " : " files, ");
        text.append(ByteSize.format(reservedBytes)).append(" in ");
        text.append(Decimals.format(seconds, 3)).append(" s");
        if (failed > notBegun) {
            text.append("; ").append(failed - notBegun).append(" failed");
        }
        if (notBegun > 0) {
            text.append("; ").append(notBegun).append(" not begun, since a stop was asked for");
        }
        console.report(text.toString());
    }

    private static double seconds(Duration time) {
        return time.toNanos() / NANOS;
    }
}
