// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.scan.throttle.RateLimiter;
import picocli.CommandLine.ParameterException;

/** The option that limits how fast a command reads or sends. */
public final class RateOption {
    private final Argument<String> rate =
            Argument.option("--rate", "R", String.class, "At most this much a second: 200MiB, 1GB/s.");

    public Argument<?> argument() {
        return rate;
    }

    /** Returns the limiter of {@code --rate}. Throws a {@link ParameterException} if its value is not a rate. */
    public RateLimiter limiter() {
        String text = rate.orNull();
        if (text == null) {
            return new RateLimiter(RateLimiter.UNLIMITED);
        }
        try {
            return new RateLimiter(RateLimiter.parse(text));
        } catch (IllegalArgumentException e) {
            throw rate.refused("--rate: " + e.getMessage());
        }
    }
}
