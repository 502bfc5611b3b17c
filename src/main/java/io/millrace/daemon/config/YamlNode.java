// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value in the file, by its YAML type alone; the reader of its key gives it a meaning. */
sealed interface YamlNode {
    /** Returns the name of the type for messages. */
    String label();

    /**
     * A scalar as written, never converted to a number and back.
     *
     * @param plain whether it is written without quotes; numbers and booleans must be plain
     */
    record Scalar(String text, boolean plain) implements YamlNode {
        private static final Set<String> NOTHING = Set.of("", "~", "null", "Null", "NULL");

        boolean isNothing() {
            return plain && NOTHING.contains(text);
        }

        @Override
        public String label() {
            return isNothing() ? "nothing" : "a single value";
        }
    }

    /** A list. */
    record Sequence(List<Item> items) implements YamlNode {
        record Item(SourceLocation place, YamlNode value) {}

        @Override
        public String label() {
            return "a list";
        }
    }

    /** A mapping, in the order of the file. */
    record Mapping(Map<String, Entry> entries) implements YamlNode {
        /** @param place the location of the key */
        record Entry(SourceLocation place, YamlNode value) {}

        @Override
        public String label() {
            return "keys with values";
        }
    }

    /** A value that was refused already; its reader uses a default and reports no further problem. */
    record Refused() implements YamlNode {
        @Override
        public String label() {
            return "refused";
        }
    }
}
