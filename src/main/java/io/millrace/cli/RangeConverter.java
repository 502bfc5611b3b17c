// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.posix.ByteRange;
import io.millrace.posix.ByteSize;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** {@code OFF:LEN}, both as sizes. */
final class RangeConverter implements ITypeConverter<ByteRange> {
    @Override
    public ByteRange convert(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length != 2) {
            throw new TypeConversionException("'" + text + "' is not a range; write OFFSET:LENGTH, as 1GiB:64MiB");
        }
        try {
            return new ByteRange(
                    ByteSize.parse(parts[0]).bytes(), ByteSize.parse(parts[1]).bytes());
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }
}
