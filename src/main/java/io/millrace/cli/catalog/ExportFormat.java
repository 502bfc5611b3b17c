// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.cli.command.ArgumentParser;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Locale;

/** The formats of {@code catalog export}. */
enum ExportFormat {
    /** All that the catalog knows, to be imported again or compared. */
    NDJSON,
    /** Lines of one digest, for {@code sha256sum --check} and the like. */
    SUMS,
    /** Lines of several digests, for {@code hashdeep -a}. */
    HASHDEEP;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static final class Parser implements ArgumentParser<ExportFormat> {
        @Override
        public Iterator<String> iterator() {
            return Arrays.stream(values()).map(ExportFormat::label).iterator();
        }

        @Override
        public ExportFormat parse(String text) {
            for (ExportFormat format : values()) {
                if (format.label().equals(text.toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new IllegalArgumentException("'" + text + "' is not one of ndjson, sums or hashdeep");
        }
    }
}
