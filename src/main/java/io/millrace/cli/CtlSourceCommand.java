// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import java.io.IOException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code millrace ctl source}. */
@Command(
        name = "source",
        description = "Show the sources; scan start SOURCE scans one now.",
        footer = {"", "Example:", "  millrace ctl source list"})
final class CtlSourceCommand extends CtlGroup {
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "Show every source, when it was last good and when it is due.",
            footer = {"", "Example:", "  millrace ctl source list --json"})
    int list(@Mixin CtlListing listing) throws IOException {
        return listing.print(ctl(), client -> client.daemon().getSources(), CtlForms.SOURCES);
    }
}
