// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;

/** Socket system calls that the JDK does not offer. Any thread. */
public interface SocketCalls {
    /**
     * socket(2) of AF_UNIX and SOCK_DGRAM, and sendto(2) on it: sends one datagram to a named socket, as sd_notify(3)
     * does. Does not block: EAGAIN if the receiver's queue is full, and then nothing was sent. ECONNREFUSED if no
     * process has the socket open any more, ENOENT if there is no such file, EMSGSIZE for a message beyond the send
     * buffer. No descriptor stays open.
     *
     * @param address in the format of NOTIFY_SOCKET: an absolute path of at most 107 bytes, or {@code @} and up to 107
     *     bytes of an abstract name (unix(7)); ENAMETOOLONG beyond, EAFNOSUPPORT for anything else
     */
    void sendDatagram(BytePath address, byte[] message) throws PosixException;
}
