// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.ByteRange;
import io.millrace.posix.ByteSize;
import io.millrace.posix.Errno;
import io.millrace.posix.FileCalls;
import io.millrace.posix.NativeBuffer;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a pool has to know after its process was killed: which numbers may have been given to files, so that none comes
 * twice, and a mark that nobody else's hidden files have. A text of three lines, {@code pools/NAME} below the state
 * directory. One thread.
 */
final class PoolLedger {
    /** From here on a number is not believed to be the pool's: it would end the counting. */
    private static final long BEYOND = 1L << 62;

    private static final int NUMBERS_AHEAD = 1024;
    private static final int MOST_BYTES = 256;
    private static final Pattern FORM =
            Pattern.compile("millrace pool 1\nmark ([0-9a-f]{16})\nnext ([0-9]{1,18}|[1-4][0-9]{18})\n");
    private static final byte[] FOLDER = "pools".getBytes(StandardCharsets.US_ASCII);

    private final Posix posix;
    private final BytePath state;
    private final BytePath path;
    private final byte[] name;
    private final byte[] fresh;
    private final String mark;
    private long next;
    private long durable;

    private PoolLedger(Posix posix, BytePath state, String pool) throws IOException {
        this.posix = posix;
        this.state = state;
        this.name = pool.getBytes(StandardCharsets.US_ASCII);
        this.fresh = ("~" + pool).getBytes(StandardCharsets.US_ASCII); // no pool's name has a tilde
        this.path = state.resolve(FOLDER).resolve(name);
        try (OwnedFd folder = folder()) {
            Matcher form = FORM.matcher(read(folder));
            if (form.matches()) {
                mark = form.group(1);
                next = Long.parseLong(form.group(2));
                durable = next;
            } else {
                mark = String.format("%016x", ThreadLocalRandom.current().nextLong());
                write(folder, 0);
            }
        }
    }

    /** Reads it, or begins it. A file with anything else in it is an error: to start anew could repeat names. */
    static PoolLedger open(Posix posix, BytePath state, String pool) throws IOException {
        return new PoolLedger(posix, state, pool);
    }

    /** How the names of this pool's files begin while they are made, where the file system cannot do without. */
    String hiddenPrefix() {
        return Parent.HIDDEN_PREFIX + mark + "-";
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
            try (OwnedFd folder = folder()) {
                write(folder, first + count + NUMBERS_AHEAD);
            }
        }
        next = first + count;
        return first;
    }

    private OwnedFd folder() throws IOException {
        FileCalls files = posix.files();
        BytePath at = state.resolve(FOLDER);
        try (OwnedFd above = files.open(state, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY))) {
            var flags = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
            try {
                return files.openAt(above, FOLDER, at, flags);
            } catch (PosixException e) {
                if (!e.is(Errno.ENOENT)) {
                    throw e;
                }
            }
            files.makeDirectoryAt(above, FOLDER, at, 0755);
            files.fsync(above);
            return files.openAt(above, FOLDER, at, flags);
        }
    }

    /** Empty where there is none. */
    private String read(OwnedFd folder) throws IOException {
        try (OwnedFd file = posix.files().openAt(folder, name, path, Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW));
                var buffer = NativeBuffer.allocate(MOST_BYTES)) {
            int length = posix.io().pread(file, buffer, new ByteRange(0, MOST_BYTES));
            byte[] bytes = new byte[length];
            buffer.first(length).get(bytes);
            String text = new String(bytes, StandardCharsets.ISO_8859_1);
            if (!FORM.matcher(text).matches()) {
                throw new IOException(path.display() + ": does not say which numbers were given (it holds "
                        + ByteSize.format(length) + " of something else); remove it, and numbers begin above those of"
                        + " the files that are there");
            }
            return text;
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT)) {
                return "";
            }
            throw e;
        }
    }

    private void write(OwnedFd folder, long mostGiven) throws IOException {
        FileCalls files = posix.files();
        byte[] text =
                ("millrace pool 1\nmark " + mark + "\nnext " + mostGiven + "\n").getBytes(StandardCharsets.US_ASCII);
        var flags = Set.of(OpenFlag.CREATE, OpenFlag.TRUNCATE, OpenFlag.WRITE_ONLY, OpenFlag.NO_FOLLOW);
        try (OwnedFd file = files.createAt(folder, fresh, path, flags, 0644);
                var buffer = NativeBuffer.allocate(MOST_BYTES)) {
            buffer.first(text.length).put(text);
            posix.io().pwrite(file, buffer, new ByteRange(0, text.length));
            files.fsync(file);
        }
        files.rename(folder, fresh, name, path);
        files.fsync(folder);
        durable = mostGiven;
    }
}
