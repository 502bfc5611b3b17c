// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli;

import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.Advice;
import io.millrace.scan.DigestAlgorithm;
import io.millrace.worker.SlowPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The values of an option in lower case, as help writes them: for parsing, for the error, and for the shell's completion. */
abstract class EnumWords<E extends Enum<E>> implements WordParser<E> {
    private final Set<E> values;

    EnumWords(Set<E> values) {
        this.values = values;
    }

    private static String label(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (E value : values) {
            labels.add(label(value));
        }
        return labels;
    }

    @Override
    public Iterator<String> iterator() {
        return labels().iterator();
    }

    /** How a word may be written otherwise, in lower case. */
    String plain(String word) {
        return word;
    }

    @Override
    public E parse(String text) {
        String plain = plain(text.toLowerCase(Locale.ROOT));
        for (E value : values) {
            if (label(value).equals(plain)) {
                return value;
            }
        }
        List<String> labels = labels();
        int last = labels.size() - 1;
        throw new IllegalArgumentException("'" + text + "' is not one of " + String.join(", ", labels.subList(0, last))
                + " or " + labels.get(last));
    }

    static final class Digests extends EnumWords<DigestAlgorithm> {
        Digests() {
            super(EnumSet.allOf(DigestAlgorithm.class));
        }

        @Override
        String plain(String word) {
            return switch (word) { // as FIPS 180, openssl(1) and b2sum(1) write them
                case "blake2b", "blake2b512" -> "blake2b-512";
                case "sha-512/256", "sha512/256" -> "sha512-256";
                default -> word.replace("sha-", "sha");
            };
        }
    }

    static final class Policies extends EnumWords<CachePolicy> {
        Policies() {
            super(EnumSet.allOf(CachePolicy.class));
        }
    }

    static final class Fallbacks extends EnumWords<CachePolicy> {
        Fallbacks() {
            super(EnumSet.of(CachePolicy.DROP, CachePolicy.KEEP));
        }
    }

    static final class Whens extends EnumWords<When> {
        Whens() {
            super(EnumSet.allOf(When.class));
        }
    }

    static final class Formats extends EnumWords<ChecksumFormat.Style> {
        Formats() {
            super(EnumSet.allOf(ChecksumFormat.Style.class));
        }
    }

    static final class SlowPolicies extends EnumWords<SlowPolicy> {
        SlowPolicies() {
            super(EnumSet.allOf(SlowPolicy.class));
        }
    }

    static final class Advices extends EnumWords<Advice> {
        Advices() {
            super(EnumSet.allOf(Advice.class));
        }
    }
}
