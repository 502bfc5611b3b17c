// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.JsonLine;
import io.millrace.scan.ResultJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * {@code rescue.log} beside the catalog: what rescues did, one JSON object a block, appended and durable before the next block is
 * looked at. One thread, which closes it.
 */
public final class RescueLog implements AutoCloseable {
    private static final byte[] NAME = "rescue.log".getBytes(StandardCharsets.US_ASCII);
    private static final int PERMISSIONS = 0640;
    private static final Set<OpenFlag> APPEND =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.APPEND, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);

    private final Posix posix;
    private final OwnedFd file;

    private RescueLog(Posix posix, OwnedFd file) {
        this.posix = posix;
        this.file = file;
    }

    /** Opens it, or creates it. {@code directory}: of the catalog. */
    public static RescueLog open(Posix posix, BytePath directory) throws PosixException {
        return new RescueLog(posix, posix.files().create(directory.resolve(NAME), APPEND, PERMISSIONS));
    }

    /** Appends what became of a block, durably. */
    public void append(BytePath path, FileRescue.Block block, Instant now) throws IOException {
        var line = new ByteArrayOutputStream();
        JsonLine.write(line, "rescue", json -> {
            json.writeStringField("time", now.truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeNumberField("user", posix.process().effectiveUser());
            ResultJson.path(json, path);
            members(json, block);
        });
        try (var buffer = NativeBuffer.allocate(line.size())) {
            buffer.first(line.size()).put(line.toByteArray());
            posix.io().write(file, buffer, line.size());
        }
        posix.files().fdatasync(file);
    }

    /** Writes the members of a block, as {@code catalog rescue --json} has them too. */
    public static void members(JsonGenerator json, FileRescue.Block block) throws IOException {
        json.writeNumberField("offset_bytes", block.range().offsetBytes());
        json.writeNumberField("length_bytes", block.range().lengthBytes());
        json.writeStringField(
                "outcome", block.outcome().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        json.writeBooleanField("time_restored", block.isTimeRestored());
        runs(json, block.pages());
        places(json, block.places());
    }

    private static void runs(JsonGenerator json, List<ByteRange> runs) throws IOException {
        json.writeArrayFieldStart("pages");
        for (ByteRange run : runs) {
            json.writeStartObject();
            json.writeNumberField("offset_bytes", run.offsetBytes());
            json.writeNumberField("length_bytes", run.lengthBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void places(JsonGenerator json, List<PhysicalRange> places) throws IOException {
        json.writeArrayFieldStart("places");
        for (PhysicalRange place : places) {
            json.writeStartObject();
            json.writeStringField("device", place.device().orElse(null));
            json.writeNumberField("device_offset_bytes", place.deviceBytes());
            json.writeNumberField("length_bytes", place.file().lengthBytes());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    @Override
    public void close() {
        file.close();
    }
}
