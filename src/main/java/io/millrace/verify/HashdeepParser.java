// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Parses hashdeep rows: {@code SIZE,MD5,SHA256,NAME}, with the columns that the line
 * {@code %%%% size,md5,sha256,filename} defines. hashdeep writes names unescaped, so a line that follows a row and
 * cannot be a row is the continuation of a name with a newline. Columns of digests that Millrace does not compute are
 * ignored. Use an instance for one manifest, on one thread.
 */
final class HashdeepParser {
    private static final String MARK = "%%%% ";
    private static final String VERSION = "HASHDEEP-1.";
    private static final String NAME = "filename";

    private final String manifest;
    private final List<Optional<DigestAlgorithm>> columns = new ArrayList<>();
    private final ByteArrayOutputStream continued = new ByteArrayOutputStream();
    private @Nullable ManifestLine pending;
    private int pendingNumber;
    private boolean inHeader;
    private boolean hasReturns;

    /** {@code manifest}: name of the manifest in messages. */
    HashdeepParser(String manifest) {
        this.manifest = manifest;
    }

    /** Whether a manifest that starts with this line was written by hashdeep. */
    static boolean isHeader(byte[] line) {
        return startsWith(line, MARK + VERSION);
    }

    private static boolean startsWith(byte[] line, String text) {
        byte[] start = text.getBytes(StandardCharsets.US_ASCII);
        return line.length >= start.length && Arrays.equals(line, 0, start.length, start, 0, start.length);
    }

    /**
     * Calls {@code sink} for the previous row once that is complete. A carriage return at the end of a row belongs to
     * the name, unless the header also ends in one.
     */
    void parse(byte[] record, int number, LineSink sink) throws MalformedLineException, ManifestException {
        boolean returns = record.length > 0 && record[record.length - 1] == '\r';
        hasReturns = isHeader(record) ? returns : hasReturns;
        byte[] line = returns && hasReturns ? Arrays.copyOf(record, record.length - 1) : record;
        if (startsWith(line, MARK)) {
            end(sink);
            inHeader = true;
            header(new String(line, MARK.length(), line.length - MARK.length(), StandardCharsets.UTF_8));
        } else if (startsWith(line, "##")) {
            end(sink);
        } else if (looksLikeRow(line)) {
            take(sink, continued.size());
            inHeader = false;
            pending = row(line);
            pendingNumber = number;
        } else if (pending != null) {
            continued.write('\n');
            continued.writeBytes(line);
        } else if (line.length > 0 && !inHeader) { // in the header, names in the command line may contain newlines
            throw new MalformedLineException("is not a hashdeep row");
        }
    }

    /** Calls {@code sink} for the last row, at the end of the manifest. */
    void end(LineSink sink) throws MalformedLineException {
        byte[] rest = continued.toByteArray();
        int end = rest.length;
        while (end > 0 && rest[end - 1] == '\n') {
            end--; // treat them as empty lines, not as part of the name
        }
        take(sink, end);
    }

    /** {@code restLength}: number of the bytes after the row that belong to the name. */
    private void take(LineSink sink, int restLength) throws MalformedLineException {
        ManifestLine line = pending;
        pending = null;
        byte[] rest = continued.toByteArray();
        continued.reset();
        if (line == null) {
            return;
        }
        byte[] name = Arrays.copyOf(line.name(), line.name().length + restLength);
        System.arraycopy(rest, 0, name, line.name().length, restLength);
        SumLineParser.check(name);
        sink.onLine(new ManifestLine(name, line.sizeBytes(), line.digests()), pendingNumber);
    }

    private void header(String text) throws ManifestException {
        if (text.startsWith(VERSION)) {
            return;
        }
        List<String> titles = List.of(text.trim().split(",", -1));
        if (titles.size() < 3 || !titles.get(0).equals("size") || titles.indexOf(NAME) != titles.size() - 1) {
            throw new ManifestException(
                    manifest + ": has columns of hashdeep that are not size, digests, filename: " + text);
        }
        columns.clear();
        titles.subList(1, titles.size() - 1).forEach(title -> columns.add(DigestNames.named(title)));
        if (columns.stream().allMatch(Optional::isEmpty)) {
            throw new ManifestException(manifest + ": has no digest that Millrace computes: " + text);
        }
    }

    /** Whether the line has the form {@code DIGITS,HEX,…}, with any number of columns. */
    private static boolean looksLikeRow(byte[] line) {
        int at = 0;
        while (at < line.length && line[at] >= '0' && line[at] <= '9') {
            at++;
        }
        if (at == 0 || at >= line.length || line[at] != ',') {
            return false;
        }
        int digits = Hex.count(line, at + 1);
        return digits > 0 && (at + 1 + digits == line.length || line[at + 1 + digits] == ',');
    }

    private ManifestLine row(byte[] line) throws MalformedLineException {
        if (columns.isEmpty()) {
            throw new MalformedLineException("comes before the line that names the columns");
        }
        int comma = comma(line, 0);
        long size = size(new String(line, 0, comma, StandardCharsets.US_ASCII));
        Map<DigestAlgorithm, byte[]> digests = new EnumMap<>(DigestAlgorithm.class);
        for (Optional<DigestAlgorithm> column : columns) {
            int start = comma + 1;
            comma = comma(line, start);
            int digits = Hex.count(line, start);
            if (column.isPresent()) {
                if (start + digits != comma || digits != DigestNames.digits(column.get())) {
                    throw new MalformedLineException("has no " + column.get().label() + " in its column");
                }
                digests.put(column.get(), Hex.parse(line, start, digits));
            }
        }
        return new ManifestLine(Arrays.copyOfRange(line, comma + 1, line.length), size, digests);
    }

    private static int comma(byte[] line, int from) throws MalformedLineException {
        for (int at = from; at < line.length; at++) {
            if (line[at] == ',') {
                return at;
            }
        }
        throw new MalformedLineException("has fewer columns than its header");
    }

    private static long size(String text) throws MalformedLineException {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new MalformedLineException("has a size that no file has: " + text);
        }
    }
}
