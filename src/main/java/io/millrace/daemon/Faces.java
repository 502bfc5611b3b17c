// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import io.millrace.telemetry.Subjects;
import java.io.IOException;

/** HTTP and JMX, both open as configured. One thread at a time. */
final class Faces implements AutoCloseable {
    Faces(Subjects subjects, Configuration configuration) throws IOException {}

    void apply(Configuration next) throws IOException {}

    @Override
    public void close() throws Exception {}
}
