// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import io.millrace.posix.RecordReader;
import io.millrace.scan.FileOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which paths a scan is given, and in which order their files are read. */
final class PathOptions {
    private static final byte[] NO_NAME = {};

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--files-from", paramLabel = "F", description = "Read paths from a file, a line each; - is stdin.")
    @Nullable BytePath filesFrom;

    @Option(names = "-0", description = "Paths in --files-from end in NUL, as find -print0 writes them.")
    private boolean nulTerminated;

    @Option(
            names = "--sort",
            description = "Read and print files in the order of the bytes of their paths, as LC_ALL=C sort has them,"
                    + " whatever order directories have. Directories of more than 100,000 entries are listed several"
                    + " times, so that memory stays bounded.")
    private boolean sort;

    @Parameters(
            paramLabel = "PATH",
            description = "Files, and directories with all that is below them; - is standard input, for digests only"
                    + " (./- is a file of that name).")
    List<BytePath> paths = List.of();

    /** Refuses what does not fit together; {@code hasWorkers}: whether programs are to be given the files. */
    void check(boolean hasWorkers) {
        if (paths.isEmpty() == (filesFrom == null)) {
            throw refuse("give paths, or --files-from");
        }
        if (nulTerminated && filesFrom == null) {
            throw refuse("-0 is about --files-from, which is missing");
        }
        if (sort && filesFrom != null) {
            throw refuse("--sort is about PATH; the files of --files-from are read as they are listed:"
                    + " sort the list, with LC_ALL=C sort (-z for -0)");
        }
        int inputs = Collections.frequency(paths, RecordReader.STANDARD_INPUT);
        if (inputs > 1) {
            throw refuse("-: standard input can be read only once");
        }
        if (inputs > 0 && hasWorkers) {
            throw refuse("-: standard input cannot be given to --exec or --worker, only to digests: a program that"
                    + " fails is given its file again, and standard input cannot be read again");
        }
    }

    FileOrder order() {
        return sort ? FileOrder.NAME : FileOrder.DIRECTORY;
    }

    char terminator() {
        return nulTerminated ? '\0' : '\n';
    }

    /**
     * Sorts the given paths, if that is wished, so that a walk along them gives one order of all files. Refuses a path below
     * another: neither of them could be finished before the other.
     */
    void sort(Posix posix) {
        if (!sort) {
            return;
        }
        List<Key> keys = new ArrayList<>();
        for (BytePath path : paths) {
            keys.add(new Key(path, bytesBelow(posix, path)));
        }
        keys.sort((one, other) -> Arrays.compareUnsigned(one.bytes(), other.bytes()));
        for (int i = 1; i < keys.size(); i++) {
            Key before = keys.get(i - 1);
            if (keys.get(i).isBelow(before)) {
                throw refuse(
                        "--sort: " + keys.get(i).path() + " is given twice, being below " + before.path() + " as well");
            }
        }
        paths = keys.stream().map(Key::path).toList();
    }

    /** What the paths of all files begin with that are found by way of this one. */
    private static byte[] bytesBelow(Posix posix, BytePath path) {
        boolean isDirectory;
        try {
            isDirectory = !path.equals(RecordReader.STANDARD_INPUT)
                    && posix.files().status(path).type() == FileType.DIRECTORY;
        } catch (PosixException e) {
            isDirectory = false; // the scan will report it, in its place
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

    private ParameterException refuse(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
