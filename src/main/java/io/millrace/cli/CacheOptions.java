// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import picocli.CommandLine.Option;

/** What every command that reads whole files is told alike of the page cache. */
final class CacheOptions {
    @Option(
            names = "--cache",
            paramLabel = "POLICY",
            converter = EnumWords.Policies.class,
            completionCandidates = EnumWords.Policies.class,
            description = "neutral: leave the page cache as it was (default). drop: leave nothing of the files in it."
                    + " keep: leave what was read.")
    CachePolicy policy = CachePolicy.NEUTRAL;

    @Option(
            names = "--fallback",
            paramLabel = "drop|keep",
            converter = EnumWords.Fallbacks.class,
            completionCandidates = EnumWords.Fallbacks.class,
            description = "What to do with a file whose hot pages the kernel will not tell, on a mount without"
                    + " RWF_DONTCACHE: drop (default) or keep.")
    CachePolicy fallback = CachePolicy.DROP;
}
