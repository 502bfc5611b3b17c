// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import java.nio.ByteBuffer;

/**
 * A digest being computed. One thread at a time; threads may take turns, each turn happening before the next (see
 * {@link Turn}).
 */
interface Digest {
    /** Takes in all that remains in the buffer, a direct one. */
    void update(ByteBuffer bytes);

    /** The value, most significant byte first, and back to the state over no bytes. */
    byte[] finish();
}
