// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;

/** Calls on sockets: as much as the JDK has none for. */
public interface SocketCalls {
    /**
     * socket(2) of AF_UNIX and SOCK_DGRAM, and sendto(2) on it: one datagram to a named socket, as sd_notify(3) sends it.
     * Never waits: EAGAIN where the receiver's queue is full, and then nothing was sent. ECONNREFUSED where nobody holds
     * the socket any more, ENOENT where there is no such file, EMSGSIZE for a message beyond the send buffer. Nothing
     * stays open.
     *
     * @param address as NOTIFY_SOCKET has it: an absolute path, of 107 bytes at most, or {@code @} and up to 107 bytes of
     *     an abstract name (unix(7)); ENAMETOOLONG beyond, EAFNOSUPPORT for anything else
     */
    void sendDatagram(BytePath address, byte[] message) throws PosixException;
}
