// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.schedule;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.millrace.files.StateFile;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.scan.job.LastRun;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stores the last run times of the sources in the file {@code sources} of the state directory, as JSON that is replaced
 * atomically. One thread at a time.
 */
final class RunHistory {
    private static final Logger LOG = LoggerFactory.getLogger(RunHistory.class);
    private static final JsonFactory JSON = JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();
    private static final int VERSION = 1;
    private static final String NAME = "sources";
    private static final int MAX_BYTES = 4 << 20;

    /**
     * The recorded times of one source.
     *
     * @param started start of its last run
     * @param ended end of that run; empty while it is active, and if the service ended first
     * @param good last time at which a run succeeded
     * @param run summary of the last completed run; empty if an earlier release wrote the file
     * @param followed the cron line of the source; empty for other schedules
     */
    record Times(
            Optional<Instant> started,
            Optional<Instant> ended,
            Optional<Instant> good,
            Optional<LastRun> run,
            Optional<Followed> followed) {
        static final Times NONE =
                new Times(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

        Times following(Optional<Followed> now) {
            return new Times(started, ended, good, run, now);
        }

        Times began(Instant now) {
            return new Times(Optional.of(now), Optional.empty(), good, run, followed);
        }

        Times ended(LastRun over) {
            Optional<Instant> at = Optional.of(over.ended());
            return new Times(started, at, over.problem().isEmpty() ? at : good, Optional.of(over), followed);
        }

        /** Records the start of a scan that had already ended, so that {@link #ended} was called before. */
        Times endedEarly(Instant now) {
            return new Times(started, run.map(LastRun::ended).or(() -> Optional.of(now)), good, run, followed);
        }

        /** Returns the problem of the last completed run. */
        Optional<String> problem() {
            if (run.isPresent()) {
                return run.get().problem();
            }
            return ended.filter(at -> !good.equals(ended))
                    .map(at -> "the run that ended at " + at.truncatedTo(ChronoUnit.SECONDS) + " failed");
        }

        boolean isUnderWay() {
            return started.isPresent() && ended.isEmpty();
        }
    }

    /** A crontab(5) line, and since when the source has used it; its times before that were not missed. */
    record Followed(String line, Instant since) {}

    private final Posix posix;
    private final BytePath directory;
    private final StateFile file;
    private String problem = "";

    RunHistory(Posix posix, BytePath directory) {
        this.posix = posix;
        this.directory = directory;
        this.file = new StateFile(posix, directory, NAME);
    }

    /**
     * Reads the times by source name. A file that cannot be read is logged, renamed to {@code sources.bad} and treated
     * as empty.
     */
    Map<String, Times> read() {
        try {
            Optional<byte[]> content = file.read(MAX_BYTES);
            return content.isPresent() ? parse(content.get()) : Map.of();
        } catch (IOException | DateTimeException e) {
            LOG.warn(
                    "{}: the record of source runs cannot be read; all sources are treated as new: {}",
                    file.path(),
                    oneLine(e));
            putAside();
            return Map.of();
        }
    }

    private static String oneLine(Exception e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void putAside() {
        BytePath aside = directory.resolve(BytePath.encode(NAME + ".bad"));
        try (var in = posix.files().open(directory, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY))) {
            posix.files().rename(in, BytePath.encode(NAME), BytePath.encode(NAME + ".bad"), aside);
            LOG.warn("{}: the unreadable file was kept under this name", aside);
        } catch (IOException e) {
            LOG.warn("{}: cannot be renamed: {}", file.path(), e.getMessage());
        }
    }

    /** Replaces the file. Returns false if that failed, which is logged once. */
    boolean save(Map<String, Times> times) {
        String before = problem;
        problem = "";
        try {
            write(times);
        } catch (IOException e) {
            problem = String.valueOf(e.getMessage());
        }
        if (!problem.equals(before)) {
            if (problem.isEmpty()) {
                LOG.info("{}: can be written again", file.path());
            } else {
                LOG.warn("the record of source runs cannot be written, will retry: {}", problem);
            }
        }
        return problem.isEmpty();
    }

    private void write(Map<String, Times> times) throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            json.writeStartObject();
            json.writeNumberField("v", VERSION);
            json.writeObjectFieldStart("sources");
            for (var source : times.entrySet()) {
                json.writeObjectFieldStart(source.getKey());
                writeTime(json, "started", source.getValue().started());
                writeTime(json, "ended", source.getValue().ended());
                writeTime(json, "good", source.getValue().good());
                if (source.getValue().run().isPresent()) {
                    writeRun(json, source.getValue().run().get());
                }
                if (source.getValue().followed().isPresent()) {
                    json.writeStringField(
                            "line", source.getValue().followed().get().line());
                    json.writeStringField(
                            "since", source.getValue().followed().get().since().toString());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
            json.writeEndObject();
            json.writeRaw('\n');
        }
        file.replace(bytes.toByteArray());
    }

    /** All values are strings, because an earlier release rejects the file otherwise. */
    private static void writeRun(JsonGenerator json, LastRun run) throws IOException {
        json.writeStringField("run_ended", run.ended().toString());
        json.writeStringField("run_duration", run.duration().toString());
        json.writeStringField("run_files", Long.toString(run.files()));
        json.writeStringField("run_failed", Long.toString(run.failed()));
        json.writeStringField("run_workers_failed", Long.toString(run.workersFailed()));
        json.writeStringField("run_bytes", Long.toString(run.bytes()));
        json.writeStringField("run_hot_before_bytes", Long.toString(run.hotBeforeBytes()));
        json.writeStringField("run_hot_after_bytes", Long.toString(run.hotAfterBytes()));
        if (run.problem().isPresent()) {
            json.writeStringField("run_problem", run.problem().get());
        }
    }

    /**
     * Returns the summary unless it belongs to another run than the times, which an earlier release may have written
     * since.
     */
    private static Optional<LastRun> run(Map<String, String> members) throws IOException {
        Optional<Instant> ended = time(members, "run_ended");
        Optional<Instant> lastEnded = time(members, "ended");
        if (ended.isEmpty() || (lastEnded.isPresent() && !lastEnded.equals(ended))) {
            return Optional.empty();
        }
        return Optional.of(new LastRun(
                ended.get(),
                Duration.parse(members.getOrDefault("run_duration", "PT0S")),
                count(members, "run_files"),
                count(members, "run_failed"),
                count(members, "run_workers_failed"),
                count(members, "run_bytes"),
                count(members, "run_hot_before_bytes"),
                count(members, "run_hot_after_bytes"),
                Optional.ofNullable(members.get("run_problem"))));
    }

    private static long count(Map<String, String> members, String name) throws IOException {
        try {
            return Long.parseLong(members.getOrDefault(name, "0"));
        } catch (NumberFormatException e) {
            throw new IOException("has an invalid number: " + name, e);
        }
    }

    private static void writeTime(JsonGenerator json, String name, Optional<Instant> time) throws IOException {
        if (time.isPresent()) {
            json.writeStringField(name, time.get().toString());
        }
    }

    private static Map<String, Times> parse(byte[] content) throws IOException {
        var times = new TreeMap<String, Times>();
        try (JsonParser json = JSON.createParser(content)) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "is not a JSON object");
            boolean versioned = false;
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                JsonToken value = json.nextToken();
                if (name.equals("v")) {
                    versioned = value == JsonToken.VALUE_NUMBER_INT && json.getIntValue() == VERSION;
                } else if (name.equals("sources")) {
                    expect(value == JsonToken.START_OBJECT, "has no sources");
                    readSources(json, times);
                } else {
                    json.skipChildren();
                }
            }
            expect(versioned, "has a version other than " + VERSION);
            expect(
                    json.currentToken() == JsonToken.END_OBJECT && json.nextToken() == null,
                    "is truncated or has trailing data");
        }
        return times;
    }

    private static void readSources(JsonParser json, Map<String, Times> times) throws IOException {
        for (String source = json.nextFieldName(); source != null; source = json.nextFieldName()) {
            expect(json.nextToken() == JsonToken.START_OBJECT, "has a source without times");
            var members = new HashMap<String, String>();
            for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
                expect(json.nextToken() == JsonToken.VALUE_STRING, "has an invalid time");
                members.put(name, json.getText());
            }
            Optional<Instant> since = time(members, "since");
            var followed = Optional.ofNullable(members.get("line"))
                    .flatMap(line -> since.map(moment -> new Followed(line, moment)));
            times.put(
                    source,
                    new Times(
                            time(members, "started"),
                            time(members, "ended"),
                            time(members, "good"),
                            run(members),
                            followed));
        }
    }

    private static Optional<Instant> time(Map<String, String> members, String name) {
        return Optional.ofNullable(members.get(name)).map(Instant::parse);
    }

    private static void expect(boolean condition, String otherwise) throws IOException {
        if (!condition) {
            throw new IOException(otherwise);
        }
    }
}
