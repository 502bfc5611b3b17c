// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.ByteRange;
import io.millrace.posix.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code OFF:LEN}, both sizes; without a length, or with 0, to the end of the file. */
final class RangeConverter implements ITypeConverter<ByteRange> {
    @Override
    public ByteRange convert(String text) {
        String[] parts = text.split(":", 2);
        try {
            long length = parts.length == 1 || parts[1].isEmpty()
                    ? 0
                    : ByteSize.parse(parts[1]).bytes();
            return new ByteRange(ByteSize.parse(parts[0]).bytes(), length);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException("'" + text + "' is not OFF:LEN: " + e.getMessage());
        }
    }
}
