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
 * What a pool has to know after its process was killed: which numbers may have been given to files, so that none comes
 * twice, and a mark that nobody else's hidden files have. A text of three lines, {@code NAME} in the pools' state
 * directory. One thread.
 */
final class PoolSequence {
    /** From here on a number is not believed to be the pool's: it would end the counting. */
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

    /** Reads it, or begins it. A file with anything else in it is an error: to start anew could repeat names. */
    static PoolSequence open(Posix posix, BytePath state, String pool) throws IOException {
        return new PoolSequence(posix, state, pool);
    }

    /** How the names of this pool's files begin while they are made, where the file system cannot do without. */
    String hiddenPrefix() {
        return ParentDirectory.HIDDEN_PREFIX + mark + "-";
    }

    /** A number that is in use: those to come are above it. */
    void seen(long number) {
        if (number >= next && number < BEYOND) {
            next = number + 1;
        }
    }

    /** The first of {@code count} numbers in a row which nobody has had; that they are given is durable. */
    long take(int count) throws IOException {
        long first = next;
        if (first + count > durable) {
            write(first + count + NUMBERS_AHEAD);
        }
        next = first + count;
        return first;
    }

    /** Numbers from {@code first} on that {@link #take} gave and no file ever had as its name: they are given again. */
    void giveBack(long first, long end) {
        if (next == end) {
            next = first;
        }
    }

    private Matcher form(byte[] content) throws IOException {
        Matcher form = FORM.matcher(new String(content, StandardCharsets.ISO_8859_1));
        if (!form.matches()) {
            throw new IOException(file.path() + ": does not say which numbers were given (it holds "
                    + ByteSize.format(content.length)
                    + " of something else); remove it, and numbers begin above those of"
                    + " the files that are there");
        }
        return form;
    }

    private void write(long mostGiven) throws IOException {
        String text = "millrace pool 1\nmark " + mark + "\nnext " + mostGiven + "\n";
        file.replace(text.getBytes(StandardCharsets.US_ASCII));
        durable = mostGiven;
    }
}
