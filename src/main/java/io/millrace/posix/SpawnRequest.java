// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OwnedFd;
import java.util.List;
import java.util.Optional;

/**
 * A program to start. Immutable.
 *
 * @param program the file to execute; a relative path is resolved against {@code directory}
 * @param arguments all of argv, the program's name first; bytes without NUL
 * @param environment all of it, as {@code NAME=value}
 * @param directory the working directory; default: that of this process
 */
public record SpawnRequest(
        BytePath program,
        List<byte[]> arguments,
        List<byte[]> environment,
        OwnedFd standardInput,
        Output output,
        Optional<BytePath> directory) {

    /** Where its standard output and standard error go. */
    public sealed interface Output {}

    public record Files(OwnedFd standardOutput, OwnedFd standardError) implements Output {}

    /** Both go to a terminal, which becomes the controlling terminal of a new session. */
    public record Terminal(BytePath slave) implements Output {}
}
