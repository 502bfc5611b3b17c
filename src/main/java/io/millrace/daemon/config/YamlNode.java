// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.config;

import java.util.List;
import java.util.Map;
import java.util.Set;

/** A value in the file, by its shape alone: what it means is said by the key it belongs to. */
sealed interface YamlNode {
    /** What to call it in a sentence. */
    String label();

    /**
     * Text as it is written, never turned into a number and back.
     *
     * @param plain whether it stands without quotes; a number or a truth value must
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

    /** Keys with values, in the order of the file. */
    record Mapping(Map<String, Entry> entries) implements YamlNode {
        /** {@code place}: that of the key. */
        record Entry(SourceLocation place, YamlNode value) {}

        @Override
        public String label() {
            return "keys with values";
        }
    }

    /** One that was complained of already; whoever asks for it gets a default without another word. */
    record Refused() implements YamlNode {
        @Override
        public String label() {
            return "refused";
        }
    }
}
