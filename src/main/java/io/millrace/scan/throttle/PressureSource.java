// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.throttle;

import java.io.IOException;

/** For how long tasks of this host have waited for I/O. */
public interface PressureSource {
    /** Microseconds since some moment in which at least one task waited; an exception says why nobody knows. */
    long waitedMicros() throws IOException;
}
