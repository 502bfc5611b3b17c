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
 * @param knowledge whether hot pages can be told from cold ones, and spared
 * @param why one clause for a person
 */
public record ReadPlan(ReadStrategy strategy, Knowledge knowledge, String why) {
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
     * @param needsPages whether a consumer splices, and so needs the pages to stay until it has passed
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
            return new ReadPlan(
                    ReadStrategy.PLAIN, Knowledge.NOT_ASKED, traits.type().words() + " lives in the page cache");
        }
        return switch (wish.policy()) {
            case KEEP -> new ReadPlan(ReadStrategy.PLAIN, Knowledge.NOT_ASKED, "the policy is keep");
            case DROP -> new ReadPlan(ReadStrategy.DROP_BEHIND, Knowledge.NOT_ASKED, "the policy is drop");
            case NEUTRAL -> neutral(traits, new Residency(posix, traits).isKnown(file, status), wish);
        };
    }

    private static ReadPlan neutral(MountTraits traits, boolean known, Wish wish) {
        var knowledge = known ? Knowledge.KNOWN : Knowledge.UNKNOWN;
        boolean dontCache = traits.dontCache() && !wish.needsPages();
        if (wish.forced().isPresent() && (dontCache || wish.forced().get() != ReadStrategy.DONTCACHE)) {
            return new ReadPlan(wish.forced().get(), knowledge, "the strategy was given");
        }
        if (dontCache) {
            String knowing = known ? "" : "; residency is unknown, hot pages stay all the same";
            return new ReadPlan(
                    ReadStrategy.DONTCACHE, knowledge, traits.type().words() + " has RWF_DONTCACHE" + knowing);
        }
        String lacking = wish.needsPages() ? "splice needs the pages" : "RWF_DONTCACHE is missing";
        if (known) {
            return new ReadPlan(
                    ReadStrategy.DROP_BEHIND, knowledge, lacking + "; residency is known, so hot pages stay");
        }
        return wish.fallback() == CachePolicy.DROP
                ? new ReadPlan(ReadStrategy.DROP_BEHIND, knowledge, lacking + "; residency is unknown, all is dropped")
                : new ReadPlan(ReadStrategy.PLAIN, knowledge, lacking + "; residency is unknown, all is kept");
    }
}
