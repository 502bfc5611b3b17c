// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.files.StateFile;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.prealloc.ParentDirectory;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The persistent state of a pool: the next file number, so that no name is used twice even after a crash, and a random
 * mark that only this pool's hidden files have. A text file of three lines, {@code NAME} in the pools' state
 * directory. One thread.
 */
final class PoolSequence {
    /** Larger numbers in file names are ignored, since they would exhaust the sequence. */
    private static final long BEYOND = 1L << 62;

    private static final int NUMBERS_AHEAD = 1024;
    private static final int MAX_BYTES = 256;
    private static final Pattern FORM =
            Pattern.compile("millrace pool 1\nmark ([0-9a-f]{16})\nnext ([0-9]{1,18}|[1-4][0-9]{18})\n");

    private final StateFile file;
    private final String mark;
    private long next;
    private long durable;

    private PoolSequence(Posix posix, BytePath state, String pool) throws IOException {
        this.file = new StateFile(posix, state, pool);
        Optional<byte[]> content = file.read(MAX_BYTES);
        if (content.isPresent()) {
            Matcher form = form(content.get());
            mark = form.group(1);
            next = Long.parseLong(form.group(2));
            durable = next;
        } else {
            mark = String.format("%016x", ThreadLocalRandom.current().nextLong());
            write(0);
        }
    }

    /**
     * Reads the state file, or creates it. A file with any other content is an error: to start anew could repeat
     * names.
     */
    static PoolSequence open(Posix posix, BytePath state, String pool) throws IOException {
        return new PoolSequence(posix, state, pool);
    }

    /** Prefix of the hidden names of this pool's files while they are created without O_TMPFILE. */
    String hiddenPrefix() {
        return ParentDirectory.HIDDEN_PREFIX + mark + "-";
    }

    /** Records a number that is in use: later numbers will be larger. */
    void seen(long number) {
        if (number >= next && number < BEYOND) {
            next = number + 1;
        }
    }

    /** Reserves {@code count} consecutive unused numbers durably, and returns the first. */
    long take(int count) throws IOException {
        long first = next;
        if (first + count > durable) {
            write(first + count + NUMBERS_AHEAD);
        }
        next = first + count;
        return first;
    }

    /**
     * Returns numbers from {@code first} on that {@link #take} reserved and no file ever had as its name: they are
     * used again.
     */
    void giveBack(long first, long end) {
        if (next == end) {
            next = first;
        }
    }

    private Matcher form(byte[] content) throws IOException {
        Matcher form = FORM.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (!form.matches()) {
            throw new IOException(file.path() + ": does not contain the sequence number of the pool (it holds "
                    + ByteSize.format(content.length)
                    + " of something else); remove it, and numbers start above those of"
                    + " the existing files");
        }
        return form;
    }

    private void write(long mostGiven) throws IOException {
        String text = "millrace pool 1\nmark " + mark + "\nnext " + mostGiven + "\n";
        file.replace(text.getBytes(StandardCharsets.US_ASCII));
        durable = mostGiven;
    }
}
