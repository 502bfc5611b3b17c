// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.ReadPlan;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.ResultJson;
import io.millrace.scan.ScanOptions;
import io.millrace.scan.catalog.Recording;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.scan.job.ScanRequest;
import io.millrace.scan.schedule.Schedule;
import io.millrace.scan.schedule.SourceSpec;
import io.millrace.scan.walk.FileFilter;
import io.millrace.scan.walk.FileOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Reads {@code sources}. */
final class SourceReader {
    private static final ValueParser<Integer> READ_SIZE = ValueParser.sizeWithin(
                    ScanOptions.MIN_READ_BYTES, ScanOptions.MAX_READ_BYTES, "64KiB to 64MiB")
            .map(Math::toIntExact);

    private static final ValueParser<Integer> MIN_FILES = ValueParser.within(0, Integer.MAX_VALUE);

    private static final ValueParser<String> INCLUDE = ValueParser.of(
            pattern -> new FileFilter(List.of(pattern), List.of()).include().get(0));
    private static final ValueParser<String> EXCLUDE = ValueParser.of(
            pattern -> new FileFilter(List.of(), List.of(pattern)).exclude().get(0));

    private static final ValueParser<DigestAlgorithm> DIGEST =
            ValueParser.oneOf(DigestAlgorithm.class).map(SourceReader::available);
    private static final ValueParser<CachePolicy> CACHE = ValueParser.oneOf(CachePolicy.class);
    private static final ValueParser<CachePolicy> FALLBACK =
            ValueParser.oneOf(List.of(CachePolicy.DROP, CachePolicy.KEEP));

    private final ConfigurationPaths home;
    private final WorkerNames workers;
    private final ReadingLimits usual;

    /** @param usual the defaults of sources */
    SourceReader(ConfigurationPaths home, WorkerNames workers, ReadingLimits usual) {
        this.home = home;
        this.workers = workers;
        this.usual = usual;
    }

    /** Returns the sources by name, in the order of the file. */
    Map<String, SourceSpec> read(Section sources) {
        Map<String, SourceSpec> specs = new LinkedHashMap<>();
        for (String key : sources.names()) {
            if (key.equals(ResultJson.REQUEST)) {
                sources.refuse(key, "is reserved for scans without a source; choose another name");
            }
            specs.put(key, source(ShortName.checked(sources, key), sources.section(key)));
        }
        return specs;
    }

    private SourceSpec source(String name, Section keys) {
        Recording recording = RecordingReader.read(keys);
        var spec = new SourceSpec(
                name,
                request(name, keys, recording),
                schedule(keys, recording),
                keys.value("at-start", ValueParser.FLAG).orElse(false),
                keys.value("min-files", MIN_FILES).orElse(SourceSpec.DEFAULT_MIN_FILES));
        keys.refuseOthers();
        return spec;
    }

    private static Schedule schedule(Section keys, Recording recording) {
        Schedule given = ScheduleReader.read(keys);
        return recording
                .coverage()
                .map(coverage -> Schedule.within(coverage.window(), given))
                .orElse(given);
    }

    private ScanRequest request(String name, Section keys, Recording recording) {
        var limits = ReadingLimits.read(keys, usual);
        return new ScanRequest(
                Optional.of(name),
                paths(keys, recording),
                Optional.empty(),
                new FileFilter(keys.values("include", INCLUDE), keys.values("exclude", EXCLUDE)),
                keys.value("order", ValueParser.oneOf(FileOrder.class)).orElse(FileOrder.DIRECTORY),
                options(keys, limits),
                keys.values("workers", workers),
                limits.bytesPerSecond(),
                limits.yieldAbove(),
                recording);
    }

    private List<BytePath> paths(Section keys, Recording recording) {
        keys.require("paths");
        // The catalog counts what is below directories.
        ValueParser<BytePath> path =
                ValueParser.of(recording.coverage().isPresent() ? home::directory : home::existing);
        List<BytePath> paths = keys.values("paths", path);
        if (keys.isEmptyList("paths")) {
            keys.refuse("paths", "names nothing to scan");
        }
        // An invalid list of paths must not look like an empty one.
        return paths.isEmpty() ? List.of(BytePath.of("/")) : paths;
    }

    private static DigestAlgorithm available(DigestAlgorithm algorithm) {
        algorithm.whyMissing().ifPresent(why -> {
            throw new IllegalArgumentException(why);
        });
        return algorithm;
    }

    private static ScanOptions options(Section keys, ReadingLimits limits) {
        var wish = new ReadPlan.Wish(
                keys.value("cache", CACHE).orElse(CachePolicy.NEUTRAL),
                Optional.empty(),
                keys.value("fallback", FALLBACK).orElse(CachePolicy.DROP),
                false);
        return new ScanOptions(
                Set.copyOf(keys.values("digests", DIGEST)),
                wish,
                limits.parallelFiles(),
                keys.value("read-size", READ_SIZE).orElse(ScanOptions.DEFAULT_READ_BYTES),
                limits.ioPriority());
    }
}
