// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;
import java.util.OptionalInt;

/**
 * All that the catalog knows, one JSON object a line: {@code "type":"catalog"} first, a {@code "type":"file"} for each name, and
 * {@code "type":"summary"} last, without which an export is not whole. {@link NdjsonImport} reads it again.
 */
public final class NdjsonExport implements ExportWriter {
    static final int VERSION = 1;
    private static final HexFormat HEX = HexFormat.of();

    private final JsonGenerator json;
    private long files;

    /** Writes the first line. */
    public NdjsonExport(OutputStream out) throws IOException {
        json = new JsonFactory().createGenerator(out).disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
        var lines = new MinimalPrettyPrinter("\n");
        json.setPrettyPrinter(lines);
        json.writeStartObject();
        json.writeStringField("type", "catalog");
        json.writeNumberField("version", VERSION);
        json.writeEndObject();
    }

    @Override
    public boolean write(BytePath path, FileRecord record) throws IOException {
        files++;
        json.writeStartObject();
        json.writeStringField("type", "file");
        json.writeStringField("path", path.toUtf8());
        if (!path.isUtf8()) {
            json.writeStringField("path_encoded", path.percentEncoded());
        }
        json.writeStringField("file_system", record.key().fileSystem().toString());
        json.writeStringField("inode", Long.toUnsignedString(record.key().inode()));
        json.writeStringField(
                "generation", Integer.toUnsignedString(record.key().generation()));
        state(record.state());
        json.writeObjectFieldStart("digests");
        for (Map.Entry<String, byte[]> digest : record.digests().asMap().entrySet()) {
            json.writeStringField(digest.getKey(), HEX.formatHex(digest.getValue()));
        }
        json.writeEndObject();
        blocks(record.blocks());
        time("first_seen", record.verification().firstSeen());
        time("last_verified", record.verification().lastVerified());
        time("last_verified_on_device", record.verification().lastOnDevice());
        json.writeStringField("class", record.standing().type().label());
        json.writeNumberField("unsettled_passes", record.standing().unsettledPasses());
        json.writeStringField("verdict", record.verdict().label());
        json.writeEndObject();
        return true;
    }

    private void state(FileState state) throws IOException {
        json.writeNumberField("bytes", state.sizeBytes());
        if (state.hasTimes()) {
            json.writeNumberField("modified_nanos", state.modifiedNanos());
            json.writeNumberField("changed_nanos", state.changedNanos());
        } else {
            json.writeNullField("modified_nanos");
            json.writeNullField("changed_nanos");
        }
    }

    /** {@code "crc32c"} is of the whole file, and follows from the blocks: for those who compare, not for an import. */
    private void blocks(BlockSums blocks) throws IOException {
        OptionalInt whole = blocks.wholeFile();
        json.writeStringField("crc32c", whole.isPresent() ? HEX.toHexDigits(whole.getAsInt()) : null);
        json.writeStringField("block_crc32c", HEX.formatHex(blocks.sumBytes()));
        json.writeStringField("block_provenance", HEX.formatHex(blocks.provenanceBytes()));
    }

    private void time(String name, long seconds) throws IOException {
        json.writeStringField(
                name, seconds == 0 ? null : Instant.ofEpochSecond(seconds).toString());
    }

    @Override
    public void end() throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "summary");
        json.writeNumberField("files", files);
        json.writeEndObject();
        json.writeRaw('\n');
        json.close();
    }
}
