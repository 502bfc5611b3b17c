// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.scan.RateLimiter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How fast a command may read or send. */
final class RateOption {
    @Option(names = "--rate", paramLabel = "R", description = "At most this much a second: 200MiB, 1GB/s.")
    private @Nullable String rate;

    /** What {@code --rate} says; {@link ParameterException} of this command where it is no rate. */
    RateLimiter limiter(CommandSpec command) {
        if (rate == null) {
            return new RateLimiter(RateLimiter.UNLIMITED);
        }
        try {
            return new RateLimiter(RateLimiter.parse(rate));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), "--rate: " + e.getMessage());
        }
    }
}
