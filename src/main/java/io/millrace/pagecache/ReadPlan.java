// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.Optional;

/**
 * Decides how one file will be read, from policy, mount and permissions. Immutable.
 *
 * @param knowledge whether hot pages can be distinguished from cold ones, and kept
 * @param withoutDontCache the strategy to continue with if the kernel rejects {@link ReadStrategy#DONTCACHE} after all
 * @param why the reason, one clause for a person
 */
public record ReadPlan(ReadStrategy strategy, ReadStrategy withoutDontCache, Knowledge knowledge, String why) {
    /** What is known of the residency. */
    public enum Knowledge {
        KNOWN,
        /** The kernel was asked, and does not report it. */
        UNKNOWN,
        /** The plan does not depend on it, so the kernel was not asked. */
        NOT_ASKED
    }

    public boolean residencyKnown() {
        return knowledge == Knowledge.KNOWN;
    }

    /**
     * What the caller requests.
     *
     * @param forced a strategy to use on any mount that supports it; empty to choose one
     * @param fallback what to do if hot pages cannot be distinguished and kept: {@link CachePolicy#DROP} or
     *     {@link CachePolicy#KEEP}
     * @param needsPages whether a consumer splices, or several read the same file, so that the plan lets pages stay
     *     until all have passed; if residency is unknown they may have to copy, and each to read the device
     */
    public record Wish(CachePolicy policy, Optional<ReadStrategy> forced, CachePolicy fallback, boolean needsPages) {
        public Wish {
            if (fallback == CachePolicy.NEUTRAL) {
                throw new IllegalArgumentException("the fallback where residency is unknown is drop or keep");
            }
        }

        /** Returns this request with {@link #needsPages}. */
        public Wish thatNeedsPages() {
            return new Wish(policy, forced, fallback, true);
        }

        /** A request with a policy only; drops pages if residency is unknown; no splicing. */
        public static Wish of(CachePolicy policy) {
            return new Wish(policy, Optional.empty(), CachePolicy.DROP, false);
        }
    }

    /** Chooses the plan for a file. Throws the errors of the residency calls. */
    public static ReadPlan choose(Posix posix, MountTraits traits, OwnedFd file, Wish wish) throws PosixException {
        boolean asks = traits.type().canDropPages() && wish.policy() == CachePolicy.NEUTRAL;
        return of(traits, asks && new Residency(posix, traits).isKnown(file), wish);
    }

    /** The plan for any file of a mount; {@code known}: whether its residency can be determined, if that matters. */
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
        // Splicing needs the pages to stay for a while, but keeping hot pages requires known residency: neutrality has
        // priority.
        boolean dontCache = traits.dontCache() && (!wish.needsPages() || !known);
        if (wish.forced().isPresent() && (dontCache || wish.forced().get() != ReadStrategy.DONTCACHE)) {
            return new ReadPlan(wish.forced().get(), otherwise, knowledge, "the strategy was given");
        }
        String residency = known
                ? "residency is known, so hot pages stay"
                : "residency is unknown, "
                        + (dontCache ? "hot pages stay nevertheless" : drops ? "all is dropped" : "all is kept");
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
