// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.BytePath;
import io.millrace.scan.FileFilter;
import io.millrace.scan.FileOrder;
import io.millrace.scan.Walk;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Which files below the given paths are read. */
final class FilterOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = "--include",
            paramLabel = "GLOB",
            description =
                    "Below directories, read only files that match; may be given several times. A pattern without a"
                            + " slash is for the name, others for the path below PATH; ** also matches slashes.")
    private List<String> include = List.of();

    @Option(
            names = "--exclude",
            paramLabel = "GLOB",
            description = "Below directories, leave out files that match, and directories with all below them; may be"
                    + " given several times, and wins over --include. A file that is itself a PATH is always read.")
    private List<String> exclude = List.of();

    @Option(
            names = "--one-file-system",
            description = "Do not enter directories on which another file system is mounted, as find -xdev.")
    private boolean oneFileSystem;

    /** @throws ParameterException for a pattern that cannot be one, which it quotes */
    FileFilter filter() {
        try {
            return new FileFilter(include, exclude);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--include, --exclude: " + e.getMessage());
        }
    }

    /** One walk along the paths; {@code filter}: {@link #filter}'s. */
    Walk walk(Iterator<BytePath> paths, FileFilter filter, FileOrder order, Walk.Given given) {
        return new Walk(paths, Optional.empty(), filter, order, given, oneFileSystem);
    }
}
