// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.observe;

import io.millrace.catalog.record.BlockSums;
import io.millrace.pagecache.DeviceBlock;
import io.millrace.pagecache.DevicePass;
import io.millrace.pagecache.DeviceReader;
import io.millrace.pagecache.Provenance;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.digest.Digest;
import java.io.EOFException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the device for one reading thread. A block whose sum is not the recorded one is a suspicion: the cached copy is read
 * at once, before it is evicted, and the block twice more, 100 ms apart, before anybody is alarmed. Closed by its creator.
 */
final class DeviceLook implements AutoCloseable {
    /** Solid-state disks are read at full speed by three. */
    private static final int READS_IN_FLIGHT = 3;

    private static final int REREADS = 2;
    private static final long REREAD_MILLIS = 100;

    private final DeviceReader reader;
    private final CRC32C crc = new CRC32C();
    private @Nullable NativeBuffer block;
    private @Nullable NativeBuffer copy;

    /** Of the last pass: why a block could not be read. */
    private @Nullable PosixException failure;

    DeviceLook(DeviceReader reader) {
        this.reader = reader;
    }

    static DeviceReader newReader(Posix posix) {
        return new DeviceReader(posix, READS_IN_FLIGHT);
    }

    /** Why blocks of the last file are unreadable; null where none is. */
    @Nullable PosixException failure() {
        return failure;
    }

    /**
     * Reads the whole file.
     *
     * @param digests get all bytes in order, and are worth nothing where not all blocks had bytes
     * @return null if the scan is to stop
     */
    @Nullable ObservationDraft readAll(Subject subject, List<Digest> digests, PassListener listener)
            throws PosixException, EOFException, InterruptedException {
        var draft = new ObservationDraft(subject);
        failure = null;
        try (var pass = begin(subject)) {
            var suspicions = new ArrayList<Integer>();
            for (int number = 0; number < draft.count(); number++) {
                if (listener.isStopping()) {
                    return null;
                }
                ByteRange range = draft.range(number);
                DeviceBlock found = next(pass, range, listener);
                if (found == null || found.range().lengthBytes() < range.lengthBytes()) {
                    throw new EOFException("ends at byte "
                            + (range.offsetBytes()
                                    + (found == null ? 0 : found.range().lengthBytes())));
                }
                look(found, number, draft, digests);
                if (isSuspicion(subject, draft, number)) {
                    readCached(pass, found, number, draft);
                    suspicions.add(number);
                }
            }
            if (!pass.isDirtKnown()) {
                draft.dirtUnknown();
            }
            return settle(pass, suspicions, subject, draft, listener) ? draft : null;
        }
    }

    /**
     * Looks at the device where the scan's own read gave other content than the recorded one.
     *
     * @return false if the scan is to stop
     */
    boolean recheck(Subject subject, List<Integer> suspicions, ObservationDraft draft, PassListener listener)
            throws PosixException, InterruptedException {
        failure = null;
        try (var pass = begin(subject)) {
            return settle(pass, suspicions, subject, draft, listener);
        }
    }

    private DevicePass begin(Subject subject) throws PosixException {
        var file = subject.file();
        return reader.begin(file.fd(), file.status(), file.traits());
    }

    private static @Nullable DeviceBlock next(DevicePass pass, ByteRange range, PassListener listener)
            throws PosixException, InterruptedException {
        listener.beforeRead(range.lengthBytes());
        long start = System.nanoTime();
        Provenance from = Provenance.UNREADABLE;
        try {
            DeviceBlock found = pass.next();
            from = found == null ? from : found.provenance();
            if (listener.isHeld()) {
                pass.awaitReads();
            }
            return found;
        } finally {
            listener.afterRead(from, range.lengthBytes(), System.nanoTime() - start);
        }
    }

    private void look(DeviceBlock found, int number, ObservationDraft draft, List<Digest> digests) {
        int sum = 0;
        if (found.provenance().hasBytes()) {
            sum = sum(found);
            for (Digest digest : digests) {
                digest.update(
                        found.buffer(), found.offsetBytes(), (int) found.range().lengthBytes());
            }
        } else if (found.failure() != null && failure == null) {
            failure = found.failure();
        }
        draft.put(number, found.provenance(), sum);
    }

    private int sum(DeviceBlock found) {
        return sum(found.buffer(), found.offsetBytes(), (int) found.range().lengthBytes());
    }

    private int sum(NativeBuffer buffer, int offsetBytes, int lengthBytes) {
        crc.reset();
        crc.update(buffer.slice(offsetBytes, lengthBytes));
        return (int) crc.getValue();
    }

    private static boolean isSuspicion(Subject subject, ObservationDraft draft, int number) {
        return switch (draft.origin(number)) {
            case UNSETTLED -> false;
            case UNREADABLE -> true;
            default -> subject.isSuspicious(number, draft.sum(number));
        };
    }

    private void readCached(DevicePass pass, DeviceBlock found, int number, ObservationDraft draft)
            throws PosixException {
        if (found.provenance() == Provenance.CACHE || found.provenance() == Provenance.UNSETTLED) {
            return; // it is the cached copy
        }
        NativeBuffer into = copyBuffer();
        try {
            if (pass.readCached(found, into) > 0) {
                draft.cached(number, sum(into, 0, (int) found.range().lengthBytes()));
            }
        } catch (PosixException e) {
            failure = failure == null ? e : failure; // a page of it was evicted, and the device has failed the read
        }
    }

    private boolean settle(
            DevicePass pass, List<Integer> suspicions, Subject subject, ObservationDraft draft, PassListener listener)
            throws PosixException, InterruptedException {
        for (int time = 0; time < REREADS && !suspicions.isEmpty(); time++) {
            TimeUnit.MILLISECONDS.sleep(REREAD_MILLIS);
            for (int number : suspicions) {
                if (listener.isStopping()) {
                    return false;
                }
                again(pass, number, subject, draft, listener);
            }
        }
        return true;
    }

    private void again(DevicePass pass, int number, Subject subject, ObservationDraft draft, PassListener listener)
            throws PosixException, InterruptedException {
        OptionalInt expected = subject.expected(number);
        if (draft.origin(number).hasBytes() && expected.isPresent() && draft.sum(number) == expected.getAsInt()) {
            return; // a reread has given the recorded content
        }
        listener.beforeRead(BlockSums.BLOCK_BYTES);
        long start = System.nanoTime();
        Provenance from = Provenance.UNREADABLE;
        try {
            boolean hadBytes = draft.origin(number).hasBytes();
            DeviceBlock found = pass.reread(draft.range(number), blockBuffer());
            if (found == null
                    || found.range().lengthBytes() < draft.range(number).lengthBytes()) {
                draft.put(number, Provenance.UNSETTLED, 0); // it has shrunk, which its status tells as well
                return;
            }
            from = found.provenance();
            int before = draft.sum(number);
            look(found, number, draft, List.of());
            readCached(pass, found, number, draft);
            if (found.provenance().hasBytes() && (!hadBytes || before != draft.sum(number))) {
                draft.unstable(number);
                draft.revised();
            }
        } finally {
            listener.afterRead(from, 0, System.nanoTime() - start);
        }
    }

    private NativeBuffer blockBuffer() {
        NativeBuffer known = block;
        if (known == null) {
            known = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);
            block = known;
        }
        return known;
    }

    private NativeBuffer copyBuffer() {
        NativeBuffer known = copy;
        if (known == null) {
            known = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);
            copy = known;
        }
        return known;
    }

    boolean isInKernel() {
        return reader.isInKernel();
    }

    @Override
    public void close() throws PosixException {
        reader.close();
        if (block != null) {
            block.close();
        }
        if (copy != null) {
            copy.close();
        }
    }
}
