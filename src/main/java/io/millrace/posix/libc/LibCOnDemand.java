// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;

/** Functions of the C library that few commands need: bound at the first use of one of them, as every binding costs each start. */
public final class LibCOnDemand {
    static {
        Native.register(LibCOnDemand.class, NativeLibrary.getProcess());
    }

    private LibCOnDemand() {}

    public static native int msync(Pointer address, long length, int flags);

    public static native int futimens(int fd, Pointer times);

    public static native int getrusage(int who, long usage);

    public static native int name_to_handle_at(int dirfd, byte[] path, Pointer handle, Pointer mountId, int flags);
}
