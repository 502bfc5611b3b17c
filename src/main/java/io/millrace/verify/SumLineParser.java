// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.digest.DigestAlgorithm;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Parses checksum lines by the rules of coreutils' {@code sha256sum --check} (src/digest.c, split_3):
 * {@code HEX  NAME}, {@code HEX *NAME}, {@code HEX NAME} if all lines of the manifest have that form,
 * {@code SHA256 (NAME) = HEX}, each with a leading backslash if the name is escaped. It also accepts
 * {@code XXH3_HEX  NAME} of xxhsum. Use an instance for one manifest, on one thread.
 */
final class SumLineParser {
    private static final byte[] XXH3_MARK = "XXH3_".getBytes(StandardCharsets.US_ASCII);
    private static final int MAX_TAG_BYTES = 32;

    private final DigestNames names;
    private final boolean escapes;
    private Optional<Boolean> oneBlank = Optional.empty();

    /**
     * {@code escapes}: whether a leading backslash means that the name is escaped, which is not the case for lines that
     * end in NUL.
     */
    SumLineParser(DigestNames names, boolean escapes) {
        this.names = names;
        this.escapes = escapes;
    }

    /** {@code line}: not empty, without its terminator. */
    ManifestLine parse(byte[] line) throws MalformedLineException, ManifestException {
        int start = blanksFrom(line, 0);
        boolean escaped = escapes && start < line.length && line[start] == '\\';
        if (escaped) {
            start++;
        }
        int bracket = tagEnd(line, start);
        return bracket > 0 ? tagged(line, start, bracket, escaped) : plain(line, start, escaped);
    }

    /**
     * Returns the offset of the bracket after a tag; 0 if the line has no tag. A sequence of hexadecimal digits is not
     * a tag.
     */
    private static int tagEnd(byte[] line, int start) {
        int end = start;
        while (end < line.length && end - start < MAX_TAG_BYTES && isTagByte(line[end])) {
            end++;
        }
        int bracket = end < line.length && line[end] == ' ' ? end + 1 : end;
        boolean found = end > start && bracket < line.length && line[bracket] == '(';
        return found && Hex.count(line, start) < end - start ? bracket : 0;
    }

    private static boolean isTagByte(byte b) {
        return b >= 'A' && b <= 'Z' || b >= 'a' && b <= 'z' || b >= '0' && b <= '9' || b == '-' || b == '/' || b == '_';
    }

    private static int blanksFrom(byte[] line, int start) {
        int at = start;
        while (at < line.length && isBlank(line[at])) {
            at++;
        }
        return at;
    }

    private static boolean isBlank(byte b) {
        return b == ' ' || b == '\t';
    }

    private ManifestLine tagged(byte[] line, int start, int bracket, boolean escaped) throws MalformedLineException {
        int close = line.length - 1;
        while (close > bracket && line[close] != ')') {
            close--;
        }
        int equals = blanksFrom(line, close + 1);
        if (close == bracket || equals >= line.length || line[equals] != '=') {
            throw new MalformedLineException("is not a checksum line");
        }
        String tag = new String(line, start, bracket - start, StandardCharsets.US_ASCII).trim();
        DigestAlgorithm algorithm = DigestNames.named(tag)
                .orElseThrow(() -> new MalformedLineException(tag + " is a digest that Millrace does not compute"));
        Optional<String> why = algorithm.whyMissing();
        if (why.isPresent()) {
            throw new MalformedLineException(why.get());
        }
        int hex = blanksFrom(line, equals + 1);
        int digits = Hex.count(line, hex);
        if (digits != DigestNames.digits(algorithm) || hex + digits != line.length) {
            throw new MalformedLineException(
                    "is no " + algorithm.bsdName() + " of " + DigestNames.digits(algorithm) + " hexadecimal digits");
        }
        byte[] name = name(Arrays.copyOfRange(line, bracket + 1, close), escaped);
        return new ManifestLine(name, ManifestLine.NO_SIZE, Map.of(algorithm, Hex.parse(line, hex, digits)));
    }

    private ManifestLine plain(byte[] line, int start, boolean escaped)
            throws MalformedLineException, ManifestException {
        boolean marked = Arrays.equals(
                line, start, Math.min(line.length, start + XXH3_MARK.length), XXH3_MARK, 0, XXH3_MARK.length);
        int hex = marked ? start + XXH3_MARK.length : start;
        int digits = Hex.count(line, hex);
        int end = hex + digits;
        if (end >= line.length || !isBlank(line[end]) || marked && digits != DigestNames.digits(DigestAlgorithm.XXH3)) {
            throw new MalformedLineException("is not a checksum line");
        }
        int nameStart = nameStart(line, end + 1);
        DigestAlgorithm algorithm = marked ? DigestAlgorithm.XXH3 : names.ofDigits(digits);
        byte[] name = name(Arrays.copyOfRange(line, nameStart, line.length), escaped);
        oneBlank = Optional.of(nameStart == end + 1);
        return new ManifestLine(name, ManifestLine.NO_SIZE, Map.of(algorithm, Hex.parse(line, hex, digits)));
    }

    /**
     * A manifest must use one form throughout. Otherwise a name that starts with a blank could be taken for another
     * one.
     */
    private int nameStart(byte[] line, int after) throws MalformedLineException {
        boolean isOneBlank = line.length - after <= 1 || line[after] != ' ' && line[after] != '*';
        if (isOneBlank && !oneBlank.orElse(true)) {
            throw new MalformedLineException("has one blank before the name, where lines before it have two");
        }
        return isOneBlank || oneBlank.orElse(false) ? after : after + 1;
    }

    private static byte[] name(byte[] written, boolean escaped) throws MalformedLineException {
        byte[] name = escaped ? unescape(written) : written;
        check(name);
        return name;
    }

    /** Rejects names that no file can have. */
    static void check(byte[] name) throws MalformedLineException {
        if (name.length == 0) {
            throw new MalformedLineException("has no name");
        }
        if (name.length == 1 && name[0] == '-') {
            throw new MalformedLineException("names standard input, which is not a file");
        }
        for (byte b : name) {
            if (b == 0) {
                throw new MalformedLineException("has a NUL byte in the name");
            }
        }
    }

    private static byte[] unescape(byte[] written) throws MalformedLineException {
        var name = new ByteArrayOutputStream(written.length);
        for (int i = 0; i < written.length; i++) {
            if (written[i] != '\\') {
                name.write(written[i]);
                continue;
            }
            i++;
            int next = i < written.length ? written[i] : 0;
            switch (next) {
                case 'n' -> name.write('\n');
                case 'r' -> name.write('\r');
                case '\\' -> name.write('\\');
                default -> throw new MalformedLineException("has an escape in the name that is not \\\\, \\n or \\r");
            }
        }
        return name.toByteArray();
    }
}
