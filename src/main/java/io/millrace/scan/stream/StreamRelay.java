// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.stream;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.Poll;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.StandardInput;
import java.io.IOException;
import java.util.Optional;

/**
 * Forwards a stream on standard input to an output: with splice(2) from pipe to pipe, otherwise by copying. It consumes
 * no more of the stream than it forwards, as far as the output accepts it. Belongs to one thread.
 */
final class StreamRelay {
    private final StandardInput in;
    private final StreamOutput output;
    private final NativeBuffer buffer;
    private final CancellationToken stop;
    private final Optional<Poll> reader;
    private boolean splices;

    /** {@code buffer}: scratch buffer whose content is overwritten. */
    StreamRelay(Posix posix, StandardInput in, StreamOutput output, NativeBuffer buffer, CancellationToken stop) {
        this.in = in;
        this.output = output;
        this.buffer = buffer;
        this.stop = stop;
        this.reader = output.reader();
        this.splices = output.isPipe() && posix.pipes().isPipe(in.fd());
    }

    /**
     * Forwards a range of the stream, relative to its next byte, and reads nothing after the range.
     *
     * @return bytes forwarded
     * @throws OutputException also if the reader of the output hangs up while no bytes arrive
     */
    long run(ByteRange range) throws IOException, InterruptedException {
        for (long left = range.offsetBytes(); left > 0; ) {
            int count = read(left);
            if (count == 0) {
                return 0;
            }
            left -= count;
        }
        long passed = 0;
        while (passed < range.lengthBytes()) {
            long count = pass(range.lengthBytes() - passed);
            if (count == 0) {
                break;
            }
            passed += count;
        }
        return passed;
    }

    private int read(long lengthBytes) throws IOException {
        int count = in.read(buffer, (int) Math.min(lengthBytes, buffer.sizeBytes()), reader, stop::isRequested);
        failAfterHangUp();
        return count;
    }

    private long pass(long lengthBytes) throws IOException, InterruptedException {
        if (splices && in.awaitInput(reader, stop::isRequested)) {
            long moved = output.splice(in.fd(), lengthBytes);
            splices = moved != StreamOutput.CANNOT_SPLICE;
            if (splices) {
                return moved;
            }
        }
        int count = read(lengthBytes);
        return output.send(buffer, count);
    }

    private void failAfterHangUp() throws OutputException {
        if (reader.map(Poll::isHungUp).orElse(false)) {
            throw new OutputException(new PosixException("write", Errno.EPIPE, "standard output"));
        }
    }
}
