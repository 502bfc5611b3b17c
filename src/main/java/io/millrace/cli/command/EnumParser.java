// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.command;

import io.millrace.cli.output.ChecksumFormat;
import io.millrace.cli.output.ShowMode;
import io.millrace.pagecache.CachePolicy;
import io.millrace.posix.PageCalls.Advice;
import io.millrace.scan.digest.DigestAlgorithm;
import io.millrace.units.EnumLabels;
import io.millrace.worker.SlowPolicy;
import java.util.EnumSet;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;

/** The values of an option in lower case, as in the help: for parsing, error messages and shell completion. */
public abstract class EnumParser<E extends Enum<E>> implements ArgumentParser<E> {
    private final Set<E> values;

    EnumParser(Set<E> values) {
        this.values = values;
    }

    @Override
    public Iterator<String> iterator() {
        return EnumLabels.of(values).iterator();
    }

    /** Returns the canonical spelling of an alternative one, in lower case. */
    String plain(String word) {
        return word;
    }

    @Override
    public E parse(String text) {
        return EnumLabels.find(values, plain(text.toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> EnumLabels.unknown(EnumLabels.of(values), text));
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
