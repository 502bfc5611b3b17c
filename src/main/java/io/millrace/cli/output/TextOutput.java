// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.output;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Standard output for help and version texts. The writer that prints them ignores failures, so this class keeps the
 * first one. Native code is bound only if a write fails; then a {@link ResultStream} repeats the write, and its
 * exception names the system call and the errno. One thread.
 */
public final class TextOutput extends OutputStream {
    private final Invocation invocation;
    private final OutputStream out = new FileOutputStream(FileDescriptor.out);
    private @Nullable IOException failure;

    public TextOutput(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            failure = why(e, bytes, offset, length);
            throw failure;
        }
    }

    private IOException why(IOException unnamed, byte[] bytes, int offset, int length) {
        try (var results = new ResultStream(invocation)) {
            results.write(bytes, offset, length);
            results.flush();
            return new IOException("standard output: write: " + unnamed.getMessage(), unnamed);
        } catch (IOException e) {
            return e;
        }
    }

    /** Returns why the output is incomplete; null if it is complete. */
    public @Nullable IOException failure() {
        return failure;
    }
}
