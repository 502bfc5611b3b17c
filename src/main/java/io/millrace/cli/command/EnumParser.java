// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.cli.output.ChecksumFormat;
import io.millrace.cli.output.ShowMode;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.units.Text;
import io.millrace.worker.SlowPolicy;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The values of an option in lower case, as in the help: for parsing, error messages and shell completion. */
public abstract class EnumParser<E extends Enum<E>> implements ArgumentParser<E> {
    private final Set<E> values;

    EnumParser(Set<E> values) {
        this.values = values;
    }

    private List<String> labels() {
        List<String> labels = new ArrayList<>();
        for (E value : values) {
            labels.add(Text.label(value));
        }
        return labels;
    }

    @Override
    public Iterator<String> iterator() {
        return labels().iterator();
    }

    /** Returns the canonical spelling of an alternative one, in lower case. */
    String plain(String word) {
        return word;
    }

    @Override
    public E parse(String text) {
        String plain = plain(text.toLowerCase(Locale.ROOT));
        for (E value : values) {
            if (Text.label(value).equals(plain)) {
                return value;
            }
        }
        List<String> labels = labels();
        int last = labels.size() - 1;
        throw new IllegalArgumentException("'" + text + "' is not one of " + String.join(", ", labels.subList(0, last))
                + " or " + labels.get(last));
    }

    public static final class Digests extends EnumParser<DigestAlgorithm> {
        public Digests() {
            super(EnumSet.allOf(DigestAlgorithm.class));
        }

        @Override
        String plain(String word) {
            return switch (word) { // the spellings of FIPS 180, openssl(1) and b2sum(1)
                case "blake2b", "blake2b512" -> "blake2b-512";
                case "sha-512/256", "sha512/256" -> "sha512-256";
                default -> word.replace("sha-", "sha");
            };
        }
    }

    public static final class Policies extends EnumParser<CachePolicy> {
        public Policies() {
            super(EnumSet.allOf(CachePolicy.class));
        }
    }

    public static final class Fallbacks extends EnumParser<CachePolicy> {
        public Fallbacks() {
            super(EnumSet.of(CachePolicy.DROP, CachePolicy.KEEP));
        }
    }

    public static final class Whens extends EnumParser<ShowMode> {
        public Whens() {
            super(EnumSet.allOf(ShowMode.class));
        }
    }

    public static final class Formats extends EnumParser<ChecksumFormat.Style> {
        public Formats() {
            super(EnumSet.allOf(ChecksumFormat.Style.class));
        }
    }

    public static final class SlowPolicies extends EnumParser<SlowPolicy> {
        public SlowPolicies() {
            super(EnumSet.allOf(SlowPolicy.class));
        }
    }

    public static final class Advices extends EnumParser<Advice> {
        public Advices() {
            super(EnumSet.allOf(Advice.class));
        }
    }
}
