// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import io.millrace.scan.walk.WalkSpec;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParameterException;

/** The options that select files below the given paths. */
public final class FilterOptions {
    private final Argument<List<String>> include = Argument.options(
            "--include",
            "GLOB",
            String.class,
            "Below directories, read only files that match; may be given several times. A pattern without a"
                    + " slash is for the name, others for the path below PATH; ** also matches slashes.");

    private final Argument<List<String>> exclude = Argument.options(
            "--exclude",
            "GLOB",
            String.class,
            "Below directories, leave out files that match, and directories with all below them; may be"
                    + " given several times, and wins over --include. A file that is itself a PATH is always read.");

    private final Argument<Boolean> oneFileSystem = Argument.flag(
            "--one-file-system", "Do not enter directories on which another file system is mounted, as find -xdev.");

    public void addTo(CommandBuilder command) {
        command.add(include, exclude, oneFileSystem);
    }

    /** @throws ParameterException for an invalid pattern, which the message quotes */
    public FileFilter filter() {
        try {
            return new FileFilter(include.get(), exclude.get());
        } catch (IllegalArgumentException e) {
            throw include.refused("--include, --exclude: " + e.getMessage());
        }
    }

    /** Returns one walk over the paths; {@code filter} comes from {@link #filter}. */
    public WalkSpec walk(Iterator<BytePath> paths, FileFilter filter, FileOrder order, WalkSpec.Given given) {
        return new WalkSpec(paths, Optional.empty(), filter, order, given, oneFileSystem.get());
    }
}
