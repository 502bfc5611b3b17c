// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.cli.command.Argument;
import io.millrace.cli.command.CommandBuilder;
import io.millrace.cli.command.EnumParser;
import io.millrace.cli.command.OptionConverters;
import io.millrace.cli.output.ShowMode;
import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.ReadStrategy;
import io.millrace.posix.IoPriority;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.throttle.RateLimiter;
import io.millrace.units.ByteSize;
import io.millrace.units.EnumLabels;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.ParameterException;

/** The options of commands that scan: page cache, rate, parallelism, priority and progress. */
public final class ReadOptions {
    private final CacheOptions cache = new CacheOptions();

    private final Argument<Optional<ReadStrategy>> strategy = Argument.option(
                    "--strategy",
                    "S",
                    new OptionConverters.Strategies(),
                    "How to be neutral: auto (default), dontcache, drop-behind, plain.")
            .or(Optional.empty());

    private final RateOption rate = new RateOption();

    private final Argument<Integer> parallel = Argument.option(
                    "--parallel",
                    "N",
                    Integer.class,
                    "Files to read at a time; default: one a core, and up to 32 small ones while they wait for the disk.")
            .within(1, ScanOptions.MAX_PARALLEL_FILES);

    private final Argument<ByteSize> readSize = Argument.option(
                    "--read-size", "S", ByteSize.class, "What one read asks for; default 4MiB.")
            .or(new ByteSize(ScanOptions.DEFAULT_READ_BYTES));

    private final Argument<IoPriority> ioClass = Argument.option(
            "--io-class",
            "CLASS",
            new OptionConverters.Priorities(),
            "Priority for the disk: idle, best-effort[:0-7], realtime[:0-7].");

    private final Argument<ShowMode> progress = Argument.option(
                    "--progress",
                    "auto|always|never",
                    new EnumParser.Whens(),
                    "A progress bar on standard error; auto: on a terminal.")
            .or(ShowMode.AUTO);

    public void addTo(CommandBuilder command) {
        command.add(cache.arguments()).add(strategy, rate.argument(), parallel, readSize, ioClass, progress);
    }

    public CachePolicy policy() {
        return cache.policy();
    }

    /** Throws a {@link ParameterException} if the options contradict each other. */
    public ScanOptions scanOptions(Set<DigestAlgorithm> digests) {
        if (strategy.get().isPresent() && cache.policy() != CachePolicy.NEUTRAL) {
            throw strategy.refused(
                    "--strategy is how to be neutral, which --cache " + EnumLabels.of(cache.policy()) + " is not");
        }
        try {
            var wish = new ReadPlan.Wish(cache.policy(), strategy.get(), cache.fallback(), false);
            int readBytes = (int) Math.min(readSize.get().bytes(), Integer.MAX_VALUE);
            int files =
                    parallel.isGiven() ? parallel.get() : Runtime.getRuntime().availableProcessors();
            var options = new ScanOptions(digests, wish, files, readBytes, Optional.ofNullable(ioClass.orNull()));
            return parallel.isGiven()
                    ? options
                    : options.readingSmallFiles(Math.max(files, ScanOptions.MAX_SMALL_FILES));
        } catch (IllegalArgumentException e) {
            throw strategy.refused(String.valueOf(e.getMessage()));
        }
    }

    public RateLimiter limiter() {
        return rate.limiter();
    }

    /** Returns the end of a summary: the effect on the page cache, if it was to stay unchanged. */
    public String cacheWords(CacheEffect effect) {
        return cache.policy() == CachePolicy.NEUTRAL ? CacheSummary.of(effect) : "";
    }

    /**
     * Returns a warning if {@code --strategy dontcache} was given, but RWF_DONTCACHE did not work everywhere, so that
     * drop-behind was used.
     */
    public Optional<String> forcedInVain(CacheEffect effect) {
        boolean forced = strategy.get().equals(Optional.of(ReadStrategy.DONTCACHE));
        return forced && effect.dropBehindBytes() > 0
                ? Optional.of("--strategy dontcache does not work everywhere here: "
                        + ByteSize.format(effect.dropBehindBytes()) + " were read by drop-behind")
                : Optional.empty();
    }

    public ShowMode progress() {
        return progress.get();
    }
}
