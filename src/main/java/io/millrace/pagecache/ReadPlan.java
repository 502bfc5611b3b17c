// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;

/**
 * How one file will be read, and why: the one place where policy, mount and permissions meet.
 *
 * @param knowledge whether hot pages can be told from cold ones, and spared
 * @param withoutDontCache what to go on with where the kernel refuses {@link ReadStrategy#DONTCACHE} after all
 * @param why one clause for a person
 */
public record ReadPlan(ReadStrategy strategy, ReadStrategy withoutDontCache, Knowledge knowledge, String why) {
    /** Of what is resident. */
    public enum Knowledge {
        KNOWN,
        /** The kernel was asked, and does not tell. */
        UNKNOWN,
        /** It makes no difference to the plan, so nobody asks. */
        NOT_ASKED
    }

    public boolean residencyKnown() {
        return knowledge == Knowledge.KNOWN;
    }

    /**
     * What the caller asks for.
     *
     * @param forced a strategy to use whatever the mount, as far as it works there; empty to choose
     * @param fallback what to do where hot pages can neither be told nor spared: {@link CachePolicy#DROP} or {@link
     *     CachePolicy#KEEP}
     * @param needsPages whether a consumer splices, or several read the same, where the plan lets pages stay until all
     *     have passed; where residency is unknown they may have to copy, and each to read the device
     */
    public record Wish(CachePolicy policy, Optional<ReadStrategy> forced, CachePolicy fallback, boolean needsPages) {
        public Wish {
            if (fallback == CachePolicy.NEUTRAL) {
                throw new IllegalArgumentException("the fallback where residency is unknown is drop or keep");
            }
        }

        /** The same with {@link #needsPages}. */
        public Wish thatNeedsPages() {
            return new Wish(policy, forced, fallback, true);
        }

        /** Only a policy; drop where residency is unknown; no splicing. */
        public static Wish of(CachePolicy policy) {
            return new Wish(policy, Optional.empty(), CachePolicy.DROP, false);
        }
    }

    /** Throws what asking for residency throws. */
    public static ReadPlan choose(Posix posix, MountTraits traits, OwnedFd file, Wish wish) throws PosixException {
        boolean asks = traits.type().canDropPages() && wish.policy() == CachePolicy.NEUTRAL;
        return of(traits, asks && new Residency(posix, traits).isKnown(file), wish);
    }

    /** The plan for any file of a mount; {@code known}: whether its residency can be known, where that matters. */
    static ReadPlan of(MountTraits traits, boolean known, Wish wish) {
        if (!traits.type().canDropPages()) {
            return notAsked(ReadStrategy.PLAIN, traits.type().label() + " lives in the page cache");
        }
        return switch (wish.policy()) {
            case KEEP -> notAsked(ReadStrategy.PLAIN, "the policy is keep");
            case DROP -> notAsked(ReadStrategy.DROP_BEHIND, "the policy is drop");
            case NEUTRAL -> neutral(traits, known, wish);
        };
    }

    private static ReadPlan neutral(MountTraits traits, boolean known, Wish wish) {
        var knowledge = known ? Knowledge.KNOWN : Knowledge.UNKNOWN;
        boolean drops = known || wish.fallback() == CachePolicy.DROP;
        ReadStrategy otherwise = drops ? ReadStrategy.DROP_BEHIND : ReadStrategy.PLAIN;
        // Splicing needs the pages to stay for a while, but sparing hot ones needs to know them: neutrality comes
        // first.
        boolean dontCache = traits.dontCache() && (!wish.needsPages() || !known);
        if (wish.forced().isPresent() && (dontCache || wish.forced().get() != ReadStrategy.DONTCACHE)) {
            return new ReadPlan(wish.forced().get(), otherwise, knowledge, "the strategy was given");
        }
        String residency = known
                ? "residency is known, so hot pages stay"
                : "residency is unknown, "
                        + (dontCache ? "hot pages stay all the same" : drops ? "all is dropped" : "all is kept");
        if (dontCache) {
            String why = traits.type().label() + " has RWF_DONTCACHE" + (known ? "" : "; " + residency);
            return new ReadPlan(ReadStrategy.DONTCACHE, otherwise, knowledge, why);
        }
        String lacking = traits.dontCache() ? "the consumers need the pages" : "RWF_DONTCACHE is missing";
        return new ReadPlan(otherwise, otherwise, knowledge, lacking + "; " + residency);
    }

    private static ReadPlan notAsked(ReadStrategy strategy, String why) {
        return new ReadPlan(strategy, strategy, Knowledge.NOT_ASKED, why);
    }
}
