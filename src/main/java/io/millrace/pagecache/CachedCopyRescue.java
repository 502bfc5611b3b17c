// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Has the kernel write a good copy that is still in the page cache over a bad block of the device. Whether it is good is the
 * caller's to know, who gives the block's checksum. Nothing of the file is stored to: the pages that differ are made dirty by an
 * atomic addition of 0 ({@link io.millrace.posix.PageCalls#addZero}), so that a write of another process is not lost, and are
 * then written as any dirty page is. The file's time of modification, which that moves, is set back.
 *
 * <p>Only by an operator's command: a rescue writes to a device that has just lost data. One thread.
 */
public final class CachedCopyRescue implements AutoCloseable {
    /** Whether anything is written. */
    public enum Mode {
        DRY_RUN,
        WRITE
    }

    /** What came of it. All but {@link #WOULD_WRITE}, {@link #WRITTEN} and {@link #STILL_BAD} wrote and would write nothing. */
    public enum Outcome {
        /** The device holds what it should. */
        NOT_NEEDED("the device holds the expected content"),
        WOULD_WRITE("the cached copy would be written"),
        /** And was read back from the device. */
        WRITTEN("the cached copy was written and read back"),
        /** It was written, and the device does not hold it. */
        STILL_BAD("the cached copy was written, and the device does not hold it"),
        NOT_CACHED("the page cache does not hold the bad pages"),
        COPY_DIFFERS("the cached copy is not the expected content either"),
        UNSETTLED("the block is dirty or being written"),
        /** Compressed, inline, in memory, a server's: {@link Provenance#CACHE} or {@link Provenance#UNKNOWN}. */
        NOT_DIRECT("the file cannot be read past the page cache"),
        CHANGED("the file changed meanwhile");

        private final String message;

        Outcome(String message) {
            this.message = message;
        }

        /** For a person, after the name of the file. */
        public String message() {
            return message;
        }
    }

    /**
     * @param pages the runs of pages that are bad on the device, and were or would be written
     * @param timeRestored whether the time of modification is what it was; not where somebody else wrote meanwhile
     */
    public record Result(Outcome outcome, List<ByteRange> pages, boolean timeRestored) {
        static Result of(Outcome outcome) {
            return new Result(outcome, List.of(), true);
        }
    }

    private final Posix posix;
    private final DeviceReader reader;
    private final NativeBuffer stored = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);
    private final NativeBuffer cached = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);
    private final NativeBuffer page = NativeBuffer.allocate(DeviceReader.BLOCK_BYTES);

    public CachedCopyRescue(Posix posix) {
        this.posix = posix;
        this.reader = new DeviceReader(posix, 1);
    }

    /**
     * Rescues one block.
     *
     * @param file open for reading; opened once more for writing, by {@code /proc}, where something is to be written: EACCES,
     *     EROFS, EPERM (immutable, fs-verity), ETXTBSY
     * @param block of {@link DeviceReader#BLOCK_BYTES}, or the shorter last one of the file
     * @param expectedCrc32c of its bytes
     * @throws PosixException also where the device refuses the write, whose first failure is final
     */
    public Result rescue(OwnedFd file, MountTraits traits, ByteRange block, int expectedCrc32c, Mode mode)
            throws PosixException {
        if (block.offsetBytes() % DeviceReader.BLOCK_BYTES != 0
                || block.isEmpty()
                || block.lengthBytes() > DeviceReader.BLOCK_BYTES) {
            throw new IllegalArgumentException("no block: " + block);
        }
        var before = posix.files().status(file);
        if (block.endBytes() > before.sizeBytes()) {
            return Result.of(Outcome.CHANGED);
        }
        try (var pass = reader.begin(file, before, traits)) {
            var found = pass.reread(block, stored);
            Outcome refusal = refusal(pass, found, block, expectedCrc32c);
            if (refusal != null || found == null) {
                return Result.of(refusal == null ? Outcome.CHANGED : refusal);
            }
            List<ByteRange> bad = badPages(pass, found);
            if (!isSame(before, posix.files().status(file))) {
                return Result.of(Outcome.CHANGED);
            }
            return mode == Mode.DRY_RUN
                    ? new Result(Outcome.WOULD_WRITE, bad, true)
                    : write(pass, file, before, new Target(block, bad, expectedCrc32c));
        }
    }

    private record Target(ByteRange block, List<ByteRange> pages, int expectedCrc32c) {}

    /** Why nothing is written; null where something is to be. Leaves the cached copy in its buffer. */
    private @Nullable Outcome refusal(DevicePass pass, @Nullable DeviceBlock found, ByteRange block, int expectedCrc32c)
            throws PosixException {
        if (found == null || (found.provenance().hasBytes() && !found.range().equals(block))) {
            return Outcome.CHANGED;
        }
        switch (found.provenance()) {
            case UNSETTLED:
                return Outcome.UNSETTLED;
            case CACHE, UNKNOWN:
                return Outcome.NOT_DIRECT;
            case DEVICE, HOLE:
                if (crc32c(found.buffer(), found.lengthBytes()) == expectedCrc32c) {
                    return Outcome.NOT_NEEDED;
                }
                break;
            case UNREADABLE:
                break;
        }
        if (pass.readCached(found, cached) == 0) {
            return Outcome.NOT_CACHED;
        }
        return crc32c(cached, found.lengthBytes()) == expectedCrc32c ? null : Outcome.COPY_DIFFERS;
    }

    /** In which the device's copy is not the cached one; page by page where the block cannot be read as a whole. */
    private List<ByteRange> badPages(DevicePass pass, DeviceBlock found) throws PosixException {
        int pageBytes = posix.pages().pageBytes();
        var bad = new ArrayList<ByteRange>();
        for (int at = 0; at < found.lengthBytes(); at += pageBytes) {
            int length = Math.min(pageBytes, found.lengthBytes() - at);
            var range = new ByteRange(found.range().offsetBytes() + at, length);
            if (!isGood(pass, found, range, at)) {
                bad.add(range);
            }
        }
        return bad;
    }

    private boolean isGood(DevicePass pass, DeviceBlock found, ByteRange range, int at) throws PosixException {
        int length = (int) range.lengthBytes();
        var expected = cached.slice(at, length);
        if (found.provenance().hasBytes()) {
            return found.buffer().slice(at, length).equals(expected);
        }
        var again = pass.reread(range, page);
        return again != null
                && again.provenance().hasBytes()
                && again.buffer().slice(0, again.lengthBytes()).equals(expected);
    }

    private Result write(DevicePass pass, OwnedFd file, FileStatus before, Target target) throws PosixException {
        long touched;
        try (var writable = posix.files().open(file.procPath(), Set.of(OpenFlag.READ_WRITE))) {
            try (var map = posix.pages().mmapWritable(writable, target.block())) {
                for (ByteRange page : target.pages()) {
                    posix.pages().addZero(map, page.offsetBytes());
                }
                touched = posix.files().status(writable).modifiedNanos();
                posix.pages().msync(map);
            }
            posix.files().fdatasync(writable);
            var found = pass.reread(target.block(), stored);
            boolean good = found != null
                    && found.provenance() == Provenance.DEVICE
                    && crc32c(found.buffer(), found.lengthBytes()) == target.expectedCrc32c();
            var after = posix.files().status(writable);
            boolean isOurs = after.modifiedNanos() == touched && after.sizeBytes() == before.sizeBytes();
            if (isOurs) {
                posix.files().setModified(writable, before.modifiedNanos());
            }
            return new Result(good ? Outcome.WRITTEN : Outcome.STILL_BAD, target.pages(), isOurs);
        }
    }

    private static boolean isSame(FileStatus before, FileStatus now) {
        return before.modifiedNanos() == now.modifiedNanos()
                && before.changedNanos() == now.changedNanos()
                && before.sizeBytes() == now.sizeBytes();
    }

    private static int crc32c(NativeBuffer buffer, int lengthBytes) {
        var crc = new CRC32C();
        crc.update(buffer.first(lengthBytes));
        return (int) crc.getValue();
    }

    @Override
    public void close() throws PosixException {
        reader.close();
        stored.close();
        cached.close();
        page.close();
    }
}
