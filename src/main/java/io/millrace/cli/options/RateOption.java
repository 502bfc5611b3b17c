// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.scan.throttle.RateLimiter;
import picocli.CommandLine.ParameterException;

/** How fast a command may read or send. */
public final class RateOption {
    private final Argument<String> rate =
            Argument.option("--rate", "R", String.class, "At most this much a second: 200MiB, 1GB/s.");

    public Argument<?> argument() {
        return rate;
    }

    /** What {@code --rate} says; {@link ParameterException} where it is no rate. */
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
