// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.access;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** A stream of which a subclass counts or bounds the reads of several bytes; a read of one byte is one of those. */
public abstract class BulkInputStream extends FilterInputStream {
    protected BulkInputStream(InputStream in) {
        super(in);
    }

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public abstract int read(byte[] buffer, int offset, int length) throws IOException;
}
