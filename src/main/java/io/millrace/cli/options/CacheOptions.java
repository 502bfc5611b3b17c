// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.EnumParser;
import io.millrace.pagecache.CachePolicy;

/** The page cache options common to all commands that read whole files. */
public final class CacheOptions {
    private final Argument<CachePolicy> policy = Argument.option(
                    "--cache",
                    "POLICY",
                    new EnumParser.Policies(),
                    "neutral: leave the page cache as it was (default). drop: remove the files from it."
                            + " keep: keep what was read.")
            .or(CachePolicy.NEUTRAL);

    private final Argument<CachePolicy> fallback = Argument.option(
                    "--fallback",
                    "drop|keep",
                    new EnumParser.Fallbacks(),
                    "What to do with a file whose residency the kernel does not report, on a mount without"
                            + " RWF_DONTCACHE: drop (default) or keep.")
            .or(CachePolicy.DROP);

    public Argument<?>[] arguments() {
        return new Argument<?>[] {policy, fallback};
    }

    public CachePolicy policy() {
        return policy.get();
    }

    public CachePolicy fallback() {
        return fallback.get();
    }
}
