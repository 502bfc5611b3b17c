// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.units.ByteRate;

/** The option that limits how fast a command reads or sends. */
public final class RateOption {
    private final Argument<ByteRate> rate = Argument.option(
                    "--rate", "R", ByteRate.class, "At most this much a second: 200MiB, 1GB/s; default: none.")
            .or(new ByteRate(ByteRate.UNLIMITED));

    public Argument<?> argument() {
        return rate;
    }

    public RateLimiter limiter() {
        return new RateLimiter(rate.get().bytesPerSecond());
    }
}
