// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.DigestValues;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileKey;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.FileSystemId;
import io.millrace.catalog.record.Standing;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.posix.libc.BytePath;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;

/** Reads what {@link NdjsonExport} wrote, line by line. Members it does not know are passed over. The stream stays the caller's. */
public final class NdjsonImport {
    private static final HexFormat HEX = HexFormat.of();

    private final String name;
    private final JsonParser json;
    private long files;
    private boolean isOver;

    /**
     * Reads the first line.
     *
     * @param name as messages call the export
     * @throws ExchangeException where it is no export of a version that is known
     */
    public NdjsonImport(InputStream in, String name) throws IOException {
        this.name = name;
        this.json = new JsonFactory().createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE);
        Members first = members();
        if (!first.text("type").equals("catalog")) {
            throw broken("is no export of a catalog");
        }
        if (first.number("version") != NdjsonExport.VERSION) {
            throw broken("has version " + first.number("version") + ", which this Millrace does not know");
        }
    }

    /** The next name; empty after the last one. {@link ExchangeException}, too, where the export ends before its summary. */
    public Optional<ExportedFile> next() throws IOException {
        if (isOver) {
            return Optional.empty();
        }
        Members members = members();
        try {
            if (members.text("type").equals("summary")) {
                isOver = true;
                if (members.number("files") != files) {
                    throw broken("has " + files + " files, and its summary says " + members.number("files"));
                }
                return Optional.empty();
            }
            files++;
            return Optional.of(file(members));
        } catch (IllegalArgumentException | ArithmeticException | DateTimeParseException e) {
            throw broken(String.valueOf(e.getMessage()));
        }
    }

    private ExchangeException broken(String why) {
        return new ExchangeException(name, json.currentTokenLocation().getLineNr(), why);
    }

    /** The members of one object: texts, numbers and, below {@code digests}, texts. */
    private final class Members {
        private final Map<String, String> values = new HashMap<>();
        private final Map<String, byte[]> digests = new HashMap<>();

        String text(String member) throws ExchangeException {
            String value = values.get(member);
            if (value == null) {
                throw broken("has no \"" + member + "\"");
            }
            return value;
        }

        long number(String member) throws ExchangeException {
            return Long.parseLong(text(member));
        }

        long seconds(String member) {
            String value = values.get(member);
            return value == null ? Verification.NEVER : Instant.parse(value).getEpochSecond();
        }
    }

    private Members members() throws IOException {
        var members = new Members();
        try {
            JsonToken start = json.nextToken();
            if (start != JsonToken.START_OBJECT) {
                throw broken(start == null ? "ends before its summary" : "is no line of an export");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                member(members, json.currentName());
            }
        } catch (JsonProcessingException e) {
            throw broken("is no JSON: " + e.getOriginalMessage());
        }
        return members;
    }

    private void member(Members members, String member) throws IOException {
        JsonToken value = json.nextToken();
        if (member.equals("digests") && value == JsonToken.START_OBJECT) {
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String digest = json.currentName();
                JsonToken ignored = json.nextToken();
                members.digests.put(digest, bytes(json.getText()));
            }
        } else if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
            members.values.put(member, json.getText());
        } else {
            JsonParser ignored = json.skipChildren();
        }
    }

    private byte[] bytes(String hexadecimal) throws ExchangeException {
        try {
            return HEX.parseHex(hexadecimal);
        } catch (IllegalArgumentException e) {
            throw broken("has no hexadecimal digits in " + hexadecimal);
        }
    }

    private ExportedFile file(Members members) throws IOException {
        String encoded = members.values.get("path_encoded");
        BytePath path = encoded == null ? BytePath.of(members.text("path")) : BytePath.of(decoded(encoded));
        var key = new FileKey(
                FileSystemId.parse(members.text("file_system")),
                Long.parseUnsignedLong(members.text("inode")),
                Integer.parseUnsignedInt(members.text("generation")));
        long size = members.number("bytes");
        FileState state = members.values.containsKey("modified_nanos")
                ? new FileState(size, members.number("modified_nanos"), members.number("changed_nanos"))
                : FileState.ofSize(size);
        BlockSums blocks =
                BlockSums.ofStored(size, bytes(members.text("block_crc32c")), bytes(members.text("block_provenance")));
        var verification = new Verification(
                members.seconds("first_seen"),
                members.seconds("last_verified"),
                members.seconds("last_verified_on_device"));
        var standing = new Standing(
                FileClass.ofLabel(members.text("class")),
                Math.toIntExact(members.number("unsettled_passes")),
                Verdict.ofLabel(members.text("verdict")));
        return new ExportedFile(
                path, new FileRecord(key, state, DigestValues.of(members.digests), blocks, verification, standing));
    }

    /** The reverse of {@link BytePath#percentEncoded}. */
    private static byte[] decoded(String encoded) {
        byte[] text = encoded.getBytes(StandardCharsets.US_ASCII);
        var bytes = new ByteArrayOutputStream(text.length);
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '%') {
                if (i + 2 >= text.length) {
                    throw new IllegalArgumentException("has no path in " + encoded);
                }
                bytes.write(HexFormat.fromHexDigits(encoded, i + 1, i + 3));
                i += 2;
            } else {
                bytes.write(text[i]);
            }
        }
        return bytes.toByteArray();
    }
}
