// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import java.io.IOException;

/** Source of the time for which tasks of this host have waited for I/O. */
public interface PressureSource {
    /**
     * Returns the microseconds, since an arbitrary origin, during which at least one task waited; throws if that is
     * unknown.
     */
    long waitedMicros() throws IOException;
}
