// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.DigestValues;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Compares two exports by name, size and digests, name by name side by side: in the memory of one name, without reading a file.
 * Both have to be in the order in which the catalog exports: by directory, then by name. One thread.
 */
public final class ExportDiff {
    /** How a name differs. */
    public enum Kind {
        /** Only the first export has it. */
        ONLY_FIRST("only in the first"),
        /** Only the second export has it. */
        ONLY_SECOND("only in the second"),
        /** Size, or a digest that both have, is another. */
        DIFFERS("differs"),
        /** Of one size, and without a digest that both have. */
        NOT_COMPARABLE("not comparable");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The words in text and JSON. */
        public String label() {
            return label;
        }
    }

    /** Called for each name that is not the same in both. */
    public interface Listener {
        void onDifference(Kind kind, BytePath path) throws IOException;
    }

    /** @param same names with the same content in both */
    public record Summary(long same, long onlyFirst, long onlySecond, long differing, long notComparable) {
        public boolean isSame() {
            return onlyFirst + onlySecond + differing + notComparable == 0;
        }
    }

    private final Side first;
    private final Side second;
    private final Listener listener;
    private final long[] counts = new long[Kind.values().length];
    private long same;

    public ExportDiff(NdjsonImport first, String firstName, NdjsonImport second, String secondName, Listener listener) {
        this.first = new Side(first, firstName);
        this.second = new Side(second, secondName);
        this.listener = listener;
    }

    /** One export, and the name it stands at. */
    private static final class Side {
        private final NdjsonImport files;
        private final String name;
        private Optional<ExportedFile> current = Optional.empty();
        private long number;

        Side(NdjsonImport files, String name) {
            this.files = files;
            this.name = name;
        }

        void advance() throws IOException {
            Optional<ExportedFile> before = current;
            current = files.next();
            number++;
            if (before.isPresent()
                    && current.isPresent()
                    && compare(before.get().path(), current.get().path()) > 0) {
                throw new ExchangeException(name, number + 1, "is not in the order of names; export the catalog again");
            }
        }
    }

    /** Compares all; once. */
    public Summary run() throws IOException {
        first.advance();
        second.advance();
        while (first.current.isPresent() || second.current.isPresent()) {
            int order = order();
            if (order == 0) {
                both(first.current.orElseThrow(), second.current.orElseThrow());
            } else {
                Side only = order < 0 ? first : second;
                report(
                        order < 0 ? Kind.ONLY_FIRST : Kind.ONLY_SECOND,
                        only.current.orElseThrow().path());
            }
            if (order <= 0) {
                first.advance();
            }
            if (order >= 0) {
                second.advance();
            }
        }
        return new Summary(
                same,
                counts[Kind.ONLY_FIRST.ordinal()],
                counts[Kind.ONLY_SECOND.ordinal()],
                counts[Kind.DIFFERS.ordinal()],
                counts[Kind.NOT_COMPARABLE.ordinal()]);
    }

    private int order() {
        if (first.current.isEmpty()) {
            return 1;
        }
        return second.current.isEmpty()
                ? -1
                : compare(first.current.get().path(), second.current.get().path());
    }

    private static int compare(BytePath a, BytePath b) {
        int directories =
                Arrays.compareUnsigned(a.parent().toBytes(), b.parent().toBytes());
        return directories != 0
                ? directories
                : Arrays.compareUnsigned(a.fileName().toBytes(), b.fileName().toBytes());
    }

    private void both(ExportedFile a, ExportedFile b) throws IOException {
        DigestValues digests = Digests.all(a.record());
        DigestValues others = Digests.all(b.record());
        boolean isSameSize =
                a.record().state().sizeBytes() == b.record().state().sizeBytes();
        if (!isSameSize || digests.contradicts(others)) {
            report(Kind.DIFFERS, a.path());
        } else if (!digests.isComparableTo(others)) {
            report(Kind.NOT_COMPARABLE, a.path());
        } else {
            same++;
        }
    }

    private void report(Kind kind, BytePath path) throws IOException {
        counts[kind.ordinal()]++;
        listener.onDifference(kind, path);
    }
}
