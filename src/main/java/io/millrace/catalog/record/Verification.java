// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

/**
 * When a file was looked at. Seconds since 1970; 0 is never.
 *
 * @param firstSeen when the catalog first heard of it
 * @param lastVerified when all of it was last read and found to be what was recorded, or recorded anew
 * @param lastOnDevice likewise, with every block read from the device
 */
public record Verification(long firstSeen, long lastVerified, long lastOnDevice) {
    public static final long NEVER = 0;

    /** Of a file that is first seen now. */
    static Verification first(long seconds) {
        return new Verification(seconds, NEVER, NEVER);
    }

    Verification on(long seconds, boolean device) {
        return new Verification(firstSeen, seconds, device ? seconds : lastOnDevice);
    }

    /** Of content that replaced the recorded one: what was verified before is not this. */
    Verification anew(long seconds, boolean device) {
        return new Verification(firstSeen, seconds, device ? seconds : NEVER);
    }
}
