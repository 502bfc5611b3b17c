// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import static io.millrace.posix.libc.Check.checkErrno;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import io.millrace.posix.FileHandle;
import io.millrace.posix.FileSystemStatus;
import io.millrace.posix.IdentityCalls;
import io.millrace.posix.VerityDigest;
import io.millrace.posix.libc.Abi;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.Fallbacks;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.LibCOnDemand;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.StructMemory;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

public final class LinuxIdentityCalls implements IdentityCalls {
    static final long FS_IOC_GETFSUUID = 0x8011_1500L;
    static final long FS_IOC_GETVERSION = 0x8008_7601L;
    static final long FS_IOC_MEASURE_VERITY = 0xC004_6686L;
    // Size and offsets of struct fsuuid2 (linux/fs.h).
    static final int FSUUID_BYTES = 17;
    static final int FSUUID_LENGTH = 0;
    static final int FSUUID_UUID = 1;
    static final int UUID_BYTES = 16;
    /** In struct statfs. */
    static final int FSID = 56;

    /** Of a file system that was made without one (mke2fs -U clear), as disks of virtual machines are. */
    private static final UUID NO_UUID = new UUID(0, 0);

    private static final byte[] NO_NAME = {0};

    /** For what all calls but name_to_handle_at fill, statfs(2)'s struct being the largest. */
    private static final ThreadLocal<StructMemory> ANSWER = StructMemory.ofBytes(FileSystemStatus.STRUCT_BYTES);

    @Override
    public Optional<UUID> fileSystemUuid(OwnedFd fd) throws PosixException {
        StructMemory answer = ANSWER.get();
        if (!asks("FS_IOC_GETFSUUID", FS_IOC_GETFSUUID, fd, answer)
                || answer.bytes().get(FSUUID_LENGTH) != UUID_BYTES) {
            return Optional.empty();
        }
        byte[] uuid = new byte[UUID_BYTES];
        answer.bytes().get(FSUUID_UUID, uuid);
        var found = new UUID(bigEndian(uuid, 0), bigEndian(uuid, Long.BYTES));
        return found.equals(NO_UUID) ? Optional.empty() : Optional.of(found);
    }

    private static long bigEndian(byte[] bytes, int start) {
        long number = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            number = number << 8 | bytes[start + i] & 0xFF;
        }
        return number;
    }

    @Override
    public long fileSystemNumber(OwnedFd fd) throws PosixException {
        StructMemory answer = ANSWER.get();
        checkErrno("fstatfs", fd, () -> LibC.fstatfs(fd.number(), answer.memory()));
        return answer.bytes().getLong(FSID);
    }

    @Override
    public OptionalLong generation(OwnedFd fd) throws PosixException {
        StructMemory answer = ANSWER.get();
        return asks("FS_IOC_GETVERSION", FS_IOC_GETVERSION, fd, answer)
                ? OptionalLong.of(
                        answer.bytes().getInt(0) & 0xFFFF_FFFFL) // an int, whatever the number of the call says
                : OptionalLong.empty();
    }

    @Override
    public Optional<VerityDigest> verityDigest(OwnedFd fd) throws PosixException {
        StructMemory answer = ANSWER.get();
        answer.bytes().putShort(VerityDigest.LENGTH, (short) VerityDigest.MAX_BYTES);
        if (!asks("FS_IOC_MEASURE_VERITY", FS_IOC_MEASURE_VERITY, fd, answer)) {
            return Optional.empty();
        }
        byte[] digest = new byte[answer.bytes().getShort(VerityDigest.LENGTH)];
        answer.bytes().get(VerityDigest.HEADER_BYTES, digest);
        return Optional.of(new VerityDigest(answer.bytes().getShort(VerityDigest.ALGORITHM), digest));
    }

    /** One ioctl(2); false where this file, its file system or the kernel has no answer. */
    private static boolean asks(String name, long request, OwnedFd fd, StructMemory answer) throws PosixException {
        if (Check.succeeds(() -> LibC.syscall(Abi.HERE.ioctl, fd.number(), request, answer.memory()))) {
            return true;
        }
        int number = Native.getLastError();
        return switch (Errno.of(number)) {
            case ENOTTY, EOPNOTSUPP, ENODATA, ENOSYS -> false;
            default -> throw new PosixException(name, number, fd, null);
        };
    }

    @Override
    public Optional<FileHandle> handle(OwnedFd fd) throws PosixException {
        try (var handle = new Memory(FileHandle.HEADER_BYTES + FileHandle.MAX_BYTES);
                var mountId = new Memory(Integer.BYTES)) {
            handle.clear();
            handle.setInt(FileHandle.LENGTH, FileHandle.MAX_BYTES);
            checkErrno(
                    "name_to_handle_at",
                    fd,
                    () -> LibCOnDemand.name_to_handle_at(
                            fd.number(), NO_NAME, handle, mountId, LinuxFileCalls.AT_EMPTY_PATH));
            byte[] bytes = handle.getByteArray(FileHandle.HEADER_BYTES, handle.getInt(FileHandle.LENGTH));
            return Optional.of(new FileHandle(handle.getInt(FileHandle.TYPE), bytes));
        } catch (PosixException e) {
            if (e.is(Errno.EOPNOTSUPP) || Fallbacks.isRefused(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
