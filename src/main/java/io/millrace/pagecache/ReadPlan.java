// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.OwnedFd;
import io.millrace.posix.Posix;
import io.millrace.posix.PosixException;
import java.util.Optional;

/**
 * How one file will be read, and why: the one place where policy, mount and permissions meet.
 *
 * @param residencyKnown whether hot pages can be told from cold ones, and spared
 * @param why one clause for a person
 */
public record ReadPlan(ReadStrategy strategy, boolean residencyKnown, String why) {

    /**
     * What the caller asks for.
     *
     * @param forced a strategy to use whatever the mount, as far as it works there; empty to choose
     * @param fallback what to do where hot pages can neither be told nor spared: {@link CachePolicy#DROP} or {@link
     *     CachePolicy#KEEP}
     * @param needsPages whether a consumer splices where the plan lets pages stay until it has passed; where residency
     *     is unknown it may have to copy
     */
    public record Wish(CachePolicy policy, Optional<ReadStrategy> forced, CachePolicy fallback, boolean needsPages) {
        public Wish {
            if (fallback == CachePolicy.NEUTRAL) {
                throw new IllegalArgumentException("the fallback where residency is unknown is drop or keep");
            }
        }

        /** Only a policy; drop where residency is unknown; no splicing. */
        public static Wish of(CachePolicy policy) {
            return new Wish(policy, Optional.empty(), CachePolicy.DROP, false);
        }
    }

    /** Throws what asking for residency throws. */
    public static ReadPlan choose(Posix posix, MountTraits traits, OwnedFd file, FileStatus status, Wish wish)
            throws PosixException {
        if (!traits.type().canDropPages()) {
            return new ReadPlan(ReadStrategy.PLAIN, false, traits.type().words() + " lives in the page cache");
        }
        return switch (wish.policy()) {
            case KEEP -> new ReadPlan(ReadStrategy.PLAIN, false, "the policy is keep");
            case DROP -> new ReadPlan(ReadStrategy.DROP_BEHIND, false, "the policy is drop");
            case NEUTRAL -> neutral(traits, new Residency(posix, traits).isKnown(file, status), wish);
        };
    }

    private static ReadPlan neutral(MountTraits traits, boolean known, Wish wish) {
        // Splicing needs the pages to stay for a while, but sparing hot ones needs to know them: neutrality comes first.
        boolean dontCache = traits.dontCache() && (!wish.needsPages() || !known);
        if (wish.forced().isPresent() && (dontCache || wish.forced().get() != ReadStrategy.DONTCACHE)) {
            return new ReadPlan(wish.forced().get(), known, "the strategy was given");
        }
        if (dontCache) {
            String knowing = known ? "" : "; residency is unknown, hot pages stay all the same";
            return new ReadPlan(ReadStrategy.DONTCACHE, known, traits.type().words() + " has RWF_DONTCACHE" + knowing);
        }
        String lacking = traits.dontCache() ? "splice needs the pages" : "RWF_DONTCACHE is missing";
        if (known) {
            return new ReadPlan(ReadStrategy.DROP_BEHIND, true, lacking + "; residency is known, so hot pages stay");
        }
        return wish.fallback() == CachePolicy.DROP
                ? new ReadPlan(ReadStrategy.DROP_BEHIND, false, lacking + "; residency is unknown, all is dropped")
                : new ReadPlan(ReadStrategy.PLAIN, false, lacking + "; residency is unknown, all is kept");
    }
}
