// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.files.RecordReader;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.FileOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The options that give the paths of a scan, and the order in which their files are read. */
public final class PathOptions {
    private static final byte[] NO_NAME = {};

    private final Argument<BytePath> filesFrom =
            Argument.option("--files-from", "F", BytePath.class, "Read paths from a file, a line each; - is stdin.");

    private final Argument<Boolean> nulTerminated =
            Argument.flag("-0", "Paths in --files-from end in NUL, as find -print0 writes them.");

    private final Argument<Boolean> sort = Argument.flag(
            "--sort",
            "Read and print files in the order of the bytes of their paths, as LC_ALL=C sort has them,"
                    + " whatever order directories have. Directories of more than 100,000 entries are listed several"
                    + " times, so that memory stays bounded.");

    private final Argument<List<BytePath>> paths = Argument.parameters(
            "0..*",
            "PATH",
            BytePath.class,
            "Files, and directories with all that is below them; - is standard input, for digests only"
                    + " (./- is a file of that name).");

    public void addTo(CommandBuilder command) {
        command.add(filesFrom, nulTerminated, sort, paths);
    }

    /** Returns the file with the list of paths, if one is given instead of paths. */
    public Optional<BytePath> filesFrom() {
        return Optional.ofNullable(filesFrom.orNull());
    }

    /** Refuses invalid combinations; {@code hasWorkers} says whether files are passed to programs. */
    public void check(boolean hasWorkers) {
        if (paths.get().isEmpty() != filesFrom.isGiven()) {
            throw paths.refused("give paths, or --files-from");
        }
        if (nulTerminated.get() && !filesFrom.isGiven()) {
            throw nulTerminated.refused("-0 requires --files-from");
        }
        if (sort.get() && filesFrom.isGiven()) {
            throw sort.refused("--sort applies only to PATH; the files of --files-from are read as they are listed:"
                    + " sort the list, with LC_ALL=C sort (-z for -0)");
        }
        int inputs = Collections.frequency(paths.get(), RecordReader.STANDARD_INPUT);
        if (inputs > 1) {
            throw paths.refused("-: standard input can be read only once");
        }
        if (inputs > 0 && hasWorkers) {
            throw paths.refused(
                    "-: standard input cannot be given to --exec or --worker, only to digests: a program that"
                            + " fails is given its file again, and standard input cannot be read again");
        }
    }

    public FileOrder order() {
        return sort.get() ? FileOrder.NAME : FileOrder.DIRECTORY;
    }

    public char terminator() {
        return nulTerminated.get() ? '\0' : '\n';
    }

    /**
     * Returns the given paths; with {@code --sort} sorted so that a walk over them yields all files in one order. Then
     * a path below another one is refused, because neither could be finished before the other.
     */
    public List<BytePath> paths(Posix posix) {
        if (!sort.get()) {
            return paths.get();
        }
        List<Key> keys = new ArrayList<>();
        for (BytePath path : paths.get()) {
            keys.add(new Key(path, bytesBelow(posix, path)));
        }
        keys.sort((one, other) -> Arrays.compareUnsigned(one.bytes(), other.bytes()));
        for (int i = 1; i < keys.size(); i++) {
            Key before = keys.get(i - 1);
            if (keys.get(i).isBelow(before)) {
                throw sort.refused(
                        "--sort: " + keys.get(i).path() + " is given twice, being below " + before.path() + " as well");
            }
        }
        return keys.stream().map(Key::path).toList();
    }

    /** Returns the prefix of the paths of all files that are found through this path. */
    private static byte[] bytesBelow(Posix posix, BytePath path) {
        boolean isDirectory;
        try {
            isDirectory = !path.equals(RecordReader.STANDARD_INPUT)
                    && posix.files().status(path).type() == FileType.DIRECTORY;
        } catch (PosixException e) {
            isDirectory = false; // the scan will report the error
        }
        return (isDirectory ? path.resolve(NO_NAME) : path).toBytes();
    }

    private record Key(BytePath path, byte[] bytes) {
        boolean isBelow(Key directory) {
            byte[] start = directory.bytes();
            boolean isDirectory = start[start.length - 1] == '/';
            return isDirectory
                    && bytes.length >= start.length
                    && Arrays.equals(start, 0, start.length, bytes, 0, start.length);
        }
    }
}
