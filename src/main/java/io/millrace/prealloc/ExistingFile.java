// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.lifecycle.CancellationToken;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileSystemType;
import io.millrace.posix.FileType;
import io.millrace.posix.LeaseBreak;
import io.millrace.posix.Posix;
import io.millrace.posix.SpaceCalls.FallocateMode;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.prealloc.AllocationException.Refusal;
import io.millrace.units.ByteSize;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reserves blocks in an existing file, in place. Allocates blocks first and sets the length last, so that a failure
 * leaves the length unchanged and does not truncate what another process appends meanwhile. One thread, which closes
 * it.
 *
 * <p>A symbolic link is refused, not followed: whoever may write the directory could point it at any file, and this
 * program often runs with more rights than they have.
 */
final class ExistingFile implements PendingFile {
    /** The state before the allocation, for the rollback. */
    private record Before(FileStatus status, UnallocatedRanges holes, RunList pastTheEnd) {}

    private final Posix posix;
    private final AllocationRequest request;
    private final FreeSpaceGuard guard;
    private final BytePath path;
    private final OwnedFd file;
    private @Nullable Before before;
    private FreeSpaceGuard.@Nullable Grant grant;
    private AllocationMethod method = AllocationMethod.NATIVE;

    private ExistingFile(Posix posix, AllocationRequest request, FreeSpaceGuard guard, BytePath path, OwnedFd file) {
        this.posix = posix;
        this.request = request;
        this.guard = guard;
        this.path = path;
        this.file = file;
    }

    static ExistingFile open(
            Posix posix,
            AllocationRequest request,
            FreeSpaceGuard guard,
            BytePath path,
            ParentDirectory parent,
            CancellationToken stop)
            throws IOException {
        refuseHarm(request, path, parent.statusOf(path));
        // Emulation reads each block before it writes there, and the rollback of a growth checks that nobody has
        // written since.
        boolean reads = request.has(AllocateOption.EMULATION) || request.has(AllocateOption.FORCE);
        OpenFlag access = reads ? OpenFlag.READ_WRITE : OpenFlag.WRITE_ONLY;
        // NONBLOCK: a FIFO that replaced the file meanwhile must not block.
        OwnedFd file = LeaseBreak.await(
                () -> parent.open(path, Set.of(access, OpenFlag.NO_FOLLOW, OpenFlag.NONBLOCK)), stop::isRequested);
        try {
            refuseHarm(request, path, posix.files().status(file));
            var type = FileSystemType.of(posix.files().fileSystem(file).magic());
            if (!type.holdsFiles()) {
                throw new AllocationException(Refusal.KIND, path, "lies on " + type.label() + ", which stores nothing");
            }
            return new ExistingFile(posix, request, guard, path, file);
        } catch (IOException | RuntimeException e) {
            file.close();
            throw e;
        }
    }

    private static void refuseHarm(AllocationRequest request, BytePath path, FileStatus status)
            throws AllocationException {
        if (status.type() == FileType.SYMLINK) {
            throw new AllocationException(
                    Refusal.KIND, path, "is a symbolic link; name the file that it points to instead");
        }
        if (status.type() != FileType.REGULAR) {
            throw new AllocationException(
                    Refusal.KIND, path, "is a " + status.type().label() + ", not a regular file");
        }
        if (request.has(AllocateOption.FORCE)) {
            return;
        }
        if (request.has(AllocateOption.ZERO)) {
            throw new AllocationException(Refusal.EXISTING, path, "exists, and zeroing it needs --force");
        }
        if (request.has(AllocateOption.KEEP_SIZE)) {
            return;
        }
        long end = request.range().endBytes();
        if (end > status.sizeBytes()) {
            throw new AllocationException(
                    Refusal.EXISTING,
                    path,
                    "exists, and growing it from " + ByteSize.format(status.sizeBytes()) + " to " + ByteSize.format(end)
                            + " needs --force");
        }
    }

    @Override
    public BytePath path() {
        return path;
    }

    @Override
    public OwnedFd file() {
        return file;
    }

    @Override
    public void reserve() throws IOException {
        Before now = look();
        before = now;
        synchronized (guard.turn(file)) {
            var granted = guard.admit(file, path, now.holes().bytes());
            grant = granted;
            reserveBlocks();
            guard.confirm(file, path, granted);
        }
        if (!request.has(AllocateOption.KEEP_SIZE) && method == AllocationMethod.NATIVE) {
            // The blocks are allocated already: this only moves the end of the file, and never backwards.
            posix.space().fallocate(file, FallocateMode.RESERVE, request.range());
        }
        if (request.has(AllocateOption.ZERO)) {
            new Zeroing(posix).zero(file, request.range());
        }
    }

    private Before look() throws PosixException, AllocationException {
        long block = posix.files().fileSystem(file).blockBytes();
        ByteRange range = request.range();
        long start = range.offsetBytes() / block * block;
        long end = upTo(block, range.endBytes());
        UnallocatedRanges holes = UnallocatedRanges.find(posix, file, ByteRange.between(start, end));
        FileStatus status = posix.files().status(file);
        long past = upTo(block, status.sizeBytes());
        var pastTheEnd = new RunList();
        boolean unused = new ExtentReader(posix)
                .extents(
                        file,
                        ByteRange.between(past, Long.MAX_VALUE),
                        extent -> pastTheEnd.add(
                                Math.max(past, extent.range().offsetBytes()),
                                extent.range().endBytes()));
        if (holes.runs().isFull() || pastTheEnd.isFull()) {
            throw new AllocationException(
                    Refusal.FRAGMENTED,
                    path,
                    "has more than " + Math.max(holes.runs().count(), pastTheEnd.count())
                            + " gaps between its extents, too many to undo a reservation that fails; reserve a part of it"
                            + " at a time");
        }
        return new Before(status, holes, pastTheEnd);
    }

    private static long upTo(long block, long offset) {
        return offset > Long.MAX_VALUE - block ? Long.MAX_VALUE : (offset + block - 1) / block * block;
    }

    private void reserveBlocks() throws IOException {
        try {
            posix.space().fallocate(file, FallocateMode.RESERVE_KEEP_SIZE, request.range());
        } catch (PosixException e) {
            if (!e.is(Errno.EOPNOTSUPP)) {
                throw e;
            }
            if (request.has(AllocateOption.EMULATION) && !request.has(AllocateOption.FORCE)) {
                throw new AllocationException(
                        Refusal.EMULATION,
                        e,
                        "emulation can overwrite what others write at the same time, and so needs --force here");
            }
            method = new BlockReserver(posix, request).reserve(file, request.mode());
        }
    }

    @Override
    public Reservation survey() throws IOException {
        Before then = before;
        if (grant != null) {
            guard.confirm(file, path, grant);
        }
        if (then != null && then.holes().isExact()) {
            UnallocatedRanges left = UnallocatedRanges.find(posix, file, request.range());
            if (left.bytes() > 0) {
                throw new AllocationException(
                        Refusal.NOT_RESERVED,
                        path,
                        "fallocate succeeded, but " + left.bytes() + " bytes of the range have no blocks");
            }
        }
        return new ExtentReader(posix).survey(file, method);
    }

    /** Does nothing: the file has its name. */
    @Override
    public void publish() {}

    @Override
    public void withdraw() throws IOException {
        Before then = before;
        if (then == null || grant == null) {
            return;
        }
        grant.giveBack();
        boolean canTell = then.holes().isExact() || then.status().reservedBytes() == 0;
        if (canTell && method == AllocationMethod.NATIVE) {
            for (ByteRange run : then.holes().filledSince(posix, file)) {
                posix.space().fallocate(file, FallocateMode.PUNCH_HOLE, run);
            }
        }
        long length = then.status().sizeBytes();
        long now = posix.files().status(file).sizeBytes();
        boolean grewByUs = now > length && now <= request.range().endBytes();
        if (grewByUs || now == length && keepsBlocksPast(length, then)) {
            cutBack(length, then);
        }
    }

    /** Whether blocks past the end must be kept: ext4 does not punch holes beyond the end of a file. */
    private boolean keepsBlocksPast(long length, Before then) throws PosixException {
        return then.holes().isExact() && isPast(length, then.holes().filledSince(posix, file));
    }

    private static boolean isPast(long length, RunList runs) {
        for (ByteRange run : runs) {
            if (run.endBytes() > length) {
                return true;
            }
        }
        return false;
    }

    /**
     * Truncates the file, unless another process has written there since; blocks that were reserved past the end
     * before are reserved again.
     */
    private void cutBack(long length, Before then) throws PosixException {
        if (method == AllocationMethod.NATIVE && isWrittenPast(length)) {
            return;
        }
        posix.files().truncate(file, length);
        for (ByteRange run : then.pastTheEnd()) {
            posix.space().fallocate(file, FallocateMode.RESERVE_KEEP_SIZE, run);
        }
    }

    private boolean isWrittenPast(long length) throws PosixException {
        long blockEnd = upTo(posix.files().fileSystem(file).blockBytes(), length);
        if (posix.files().seekData(file, blockEnd).isPresent()) {
            return true;
        }
        long now = posix.files().status(file).sizeBytes();
        if (now <= length || blockEnd == length) {
            return false;
        }
        try (var tail = NativeBuffer.allocate((int) (blockEnd - length))) { // of a block that had data before
            int count = posix.io().pread(file, tail, ByteRange.between(length, Math.min(now, blockEnd)));
            ByteBuffer bytes = tail.first(count);
            return bytes.mismatch(ByteBuffer.allocate(count)) >= 0;
        }
    }
}
