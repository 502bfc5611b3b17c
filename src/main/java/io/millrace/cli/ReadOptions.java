// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.ByteSize;
import io.millrace.posix.IoPriority;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.scan.RateLimiter;
import io.millrace.scan.ScanOptions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** How a command that scans reads files: page cache, rate, parallelism, priority, progress. */
final class ReadOptions {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Mixin
    private CacheOptions cache;

    @Option(
            names = "--strategy",
            paramLabel = "S",
            completionCandidates = Choice.Strategies.class,
            converter = Choice.Strategy.Converter.class,
            description = "How to be neutral: auto (default), dontcache, drop-behind, plain.")
    private Choice.Strategy strategy = new Choice.Strategy(Optional.empty());

    @Option(names = "--rate", paramLabel = "R", description = "Read at most this much a second: 200MiB, 1GB/s.")
    private @Nullable String rate;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            description =
                    "Files to read at a time; default: one a core, and up to 32 small ones while they wait for the disk.")
    private @Nullable Integer parallel;

    @Option(names = "--read-size", paramLabel = "S", description = "What one read asks for; default 4MiB.")
    private ByteSize readSize = new ByteSize(ScanOptions.DEFAULT_READ_BYTES);

    @Option(
            names = "--io-class",
            paramLabel = "CLASS",
            completionCandidates = Choice.Priorities.class,
            converter = Choice.PriorityConverter.class,
            description = "Priority for the disk: idle, best-effort[:0-7], realtime[:0-7].")
    private @Nullable IoPriority ioClass;

    @Option(
            names = "--progress",
            paramLabel = "auto|always|never",
            converter = EnumWords.Whens.class,
            completionCandidates = EnumWords.Whens.class,
            description = "A progress bar on standard error; auto: on a terminal.")
    When progress = When.AUTO;

    CachePolicy policy() {
        return cache.policy;
    }

    /** {@link ParameterException} where they do not fit together. */
    ScanOptions scanOptions(Set<DigestAlgorithm> digests) {
        if (strategy.forced().isPresent() && cache.policy != CachePolicy.NEUTRAL) {
            throw refuse("--strategy is how to be neutral, which --cache "
                    + cache.policy.name().toLowerCase(Locale.ROOT) + " is not");
        }
        try {
            var wish = new ReadPlan.Wish(cache.policy, strategy.forced(), cache.fallback, false);
            int readBytes = (int) Math.min(readSize.bytes(), Integer.MAX_VALUE);
            int files = parallel == null ? Runtime.getRuntime().availableProcessors() : parallel;
            var options = new ScanOptions(digests, wish, files, readBytes, Optional.ofNullable(ioClass));
            return parallel == null ? options.readingSmallFiles(Math.max(files, ScanOptions.MAX_SMALL_FILES)) : options;
        } catch (IllegalArgumentException e) {
            throw refuse(String.valueOf(e.getMessage()));
        }
    }

    /** What {@code --rate} says; {@link ParameterException} where it is no rate. */
    RateLimiter limiter() {
        if (rate == null) {
            return new RateLimiter(RateLimiter.UNLIMITED);
        }
        try {
            return new RateLimiter(RateLimiter.parse(rate));
        } catch (IllegalArgumentException e) {
            throw refuse("--rate: " + e.getMessage());
        }
    }

    /** The end of a summary: what the reading did to the page cache, where that was to stay as it was. */
    String cacheWords(CacheEffect effect) {
        return cache.policy == CachePolicy.NEUTRAL ? CacheWords.of(effect) : "";
    }

    /** A line on a scan that had to use RWF_DONTCACHE: it drops behind only where that does not work. */
    Optional<String> forcedInVain(CacheEffect effect) {
        boolean forced = strategy.forced().equals(Optional.of(ReadStrategy.DONTCACHE));
        return forced && effect.dropBehindBytes() > 0
                ? Optional.of("--strategy dontcache does not work everywhere here: "
                        + ByteSize.format(effect.dropBehindBytes()) + " were read by drop-behind")
                : Optional.empty();
    }

    private ParameterException refuse(String why) {
        return new ParameterException(spec.commandLine(), why);
    }
}
