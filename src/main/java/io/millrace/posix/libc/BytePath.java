// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A path as the kernel sees it: bytes without NUL, in no particular encoding. Immutable.
 *
 * <p>{@code java.lang.String} cannot represent every name: under a C locale the JVM loses bytes above 0x7F. If a path
 * must be a {@code String} (the command line), bytes that are not UTF-8 become the lone surrogates U+DC80–U+DCFF, and
 * are decoded without loss (the convention of Python's PEP 383).
 */
public final class BytePath {
    private static final byte SLASH = '/';

    private final byte[] bytes;

    private BytePath(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Copies the bytes. Throws {@link IllegalArgumentException} for an empty name or one with a NUL. */
    public static BytePath of(byte[] bytes) {
        if (bytes.length == 0) {
            throw new IllegalArgumentException("an empty path names no file");
        }
        for (byte b : bytes) {
            if (b == 0) {
                throw new IllegalArgumentException("a path cannot contain a NUL byte");
            }
        }
        return new BytePath(bytes.clone());
    }

    /**
     * Converts text: UTF-8, and lone surrogates U+DC80–U+DCFF for bytes that are not UTF-8. Throws
     * {@link IllegalArgumentException} for any other lone surrogate, which would denote another file than was meant.
     */
    public static BytePath of(String text) {
        return of(encode(text));
    }

    /** Reverses {@link #of(String)}; lossless for any bytes. */
    public static String decode(byte[] bytes) {
        var strict = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        var in = ByteBuffer.wrap(bytes);
        var out = CharBuffer.allocate(bytes.length);
        while (true) {
            var result = strict.decode(in, out, true);
            if (result.isUnderflow()) {
                return out.flip().toString();
            }
            for (int i = 0; i < result.length(); i++) {
                out.put((char) (0xDC00 | (in.get() & 0xFF)));
            }
            strict.reset();
        }
    }

    /** Returns the bytes of a text by the convention of {@link #of(String)}; any text, the empty one too. */
    public static byte[] encode(String text) {
        var strict = StandardCharsets.UTF_8.newEncoder();
        var in = CharBuffer.wrap(text);
        var out = ByteBuffer.allocate(text.length() * 3);
        while (strict.encode(in, out, true).isError()) {
            char lone = in.get();
            if (lone < 0xDC80 || lone > 0xDCFF) {
                throw new IllegalArgumentException(String.format("U+%04X stands for no byte of a path", (int) lone));
            }
            out.put((byte) lone);
            strict.reset();
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** Returns the path of an entry in this directory. */
    public BytePath resolve(byte[] name) {
        boolean slash = bytes[bytes.length - 1] != SLASH;
        byte[] joined = Arrays.copyOf(bytes, bytes.length + (slash ? 1 : 0) + name.length);
        if (slash) {
            joined[bytes.length] = SLASH;
        }
        System.arraycopy(name, 0, joined, joined.length - name.length, name.length);
        return new BytePath(joined);
    }

    /** Returns the path without the last component: {@code .} for a bare name, {@code /} for the root. */
    public BytePath parent() {
        int end = endWithoutSlashes();
        int slash = lastSlashBefore(end);
        if (slash < 0) {
            return new BytePath(new byte[] {'.'});
        }
        while (slash > 0 && bytes[slash - 1] == SLASH) {
            slash--;
        }
        return new BytePath(Arrays.copyOf(bytes, Math.max(slash, 1)));
    }

    /** Returns the last component, without trailing slashes; {@code /} for the root. */
    public BytePath fileName() {
        int end = endWithoutSlashes();
        return end == 1 && bytes[0] == SLASH
                ? new BytePath(new byte[] {SLASH})
                : new BytePath(Arrays.copyOfRange(bytes, lastSlashBefore(end) + 1, end));
    }

    /** Whether it ends in a slash, so that open(2) and rename(2) accept only a directory. */
    public boolean endsInSlash() {
        return bytes[bytes.length - 1] == SLASH;
    }

    private int endWithoutSlashes() {
        int end = bytes.length;
        while (end > 1 && bytes[end - 1] == SLASH) {
            end--;
        }
        return end;
    }

    private int lastSlashBefore(int end) {
        int at = end - 1;
        while (at >= 0 && bytes[at] != SLASH) {
            at--;
        }
        return at;
    }

    /** Returns a copy of the bytes. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, bytes.length);
    }

    /** Returns the bytes with a terminating NUL, for a system call. */
    public byte[] nulTerminated() {
        return Arrays.copyOf(bytes, bytes.length + 1);
    }

    /** Whether the bytes are UTF-8. */
    public boolean isUtf8() {
        if (isPrintableAscii(bytes)) {
            return true;
        }
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Returns the path as text, with U+FFFD where the bytes are not UTF-8: for reading, not for opening. */
    public String toUtf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** Returns a lossless text: bytes other than printable ASCII, and the percent sign, are written as {@code %XX}. */
    public String percentEncoded() {
        var text = new StringBuilder(bytes.length * 3);
        for (byte b : bytes) {
            boolean plain = b > ' ' && b < 0x7F && b != '%';
            text.append(plain ? String.valueOf((char) b) : String.format("%%%02X", b & 0xFF));
        }
        return text.toString();
    }

    /**
     * Returns one printable line: control characters and bytes that are not UTF-8 as {@code \ooo}, backslash doubled.
     */
    public String display() {
        return display(bytes);
    }

    /** Like {@link #display(byte[])}, for text. */
    public static String display(String text) {
        return display(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Like {@link #display()}, for bytes that are no path. */
    public static String display(byte[] bytes) {
        if (isPrintableAscii(bytes)) {
            return new String(bytes, StandardCharsets.ISO_8859_1);
        }
        String text = decode(bytes);
        var line = new StringBuilder(text.length());
        text.codePoints().forEach(point -> {
            if (point == '\\') {
                line.append("\\\\");
            } else if (point >= 0xDC80 && point <= 0xDCFF) {
                line.append(String.format("\\%03o", point & 0xFF));
            } else if (isUnprintable(point)) {
                for (byte b : new String(Character.toChars(point)).getBytes(StandardCharsets.UTF_8)) {
                    line.append(String.format("\\%03o", b & 0xFF));
                }
            } else {
                line.appendCodePoint(point);
            }
        });
        return line.toString();
    }

    /** The fast path, for nearly all names. Excludes the backslash, which must be doubled. */
    private static boolean isPrintableAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < ' ' || b == 0x7F || b == '\\') {
                return false;
            }
        }
        return true;
    }

    private static boolean isUnprintable(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT // bidirectional overrides can disguise a name
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BytePath path && Arrays.equals(bytes, path.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** Same as {@link #display()}. */
    @Override
    public String toString() {
        return display();
    }
}
