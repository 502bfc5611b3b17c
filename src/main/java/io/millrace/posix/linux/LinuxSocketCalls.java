// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.linux;

import io.millrace.posix.SocketCalls;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

public final class LinuxSocketCalls implements SocketCalls {
    static final int AF_UNIX = 1;
    static final int SOCK_DGRAM = 2;
    static final int SOCK_CLOEXEC = 0x8_0000;
    static final int MSG_DONTWAIT = 0x40;
    static final int MSG_NOSIGNAL = 0x4000;
    // Size and offset of struct sockaddr_un (unix(7)).
    static final int ADDRESS_BYTES = 110;
    static final int ADDRESS_PATH = 2;

    @Override
    public void sendDatagram(BytePath address, byte[] message) throws PosixException {
        byte[] struct = struct(address);
        int number = Check.checkErrno("socket", address, () -> LibC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
        try (var socket = OwnedFd.of(number, address)) {
            Check.checkErrno(
                    "sendto",
                    address,
                    () -> LibC.sendto(
                            socket.number(),
                            message,
                            message.length,
                            MSG_DONTWAIT | MSG_NOSIGNAL,
                            struct,
                            struct.length));
        }
    }

    /** An abstract name starts with a NUL and ends with the struct; a path ends in a NUL. */
    static byte[] struct(BytePath address) throws PosixException {
        byte[] name = address.toBytes();
        boolean isAbstract = name[0] == '@';
        if (!isAbstract && name[0] != '/') {
            throw new PosixException("sendto", Errno.EAFNOSUPPORT, address);
        }
        byte[] path = isAbstract ? name : Arrays.copyOf(name, name.length + 1);
        if (isAbstract) {
            path[0] = 0;
        }
        if (path.length > ADDRESS_BYTES - ADDRESS_PATH) {
            throw new PosixException("sendto", Errno.ENAMETOOLONG, address);
        }
        return ByteBuffer.allocate(ADDRESS_PATH + path.length)
                .order(ByteOrder.nativeOrder())
                .putShort((short) AF_UNIX)
                .put(path)
                .array();
    }
}
