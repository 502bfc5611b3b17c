// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Check;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.LibC;
import io.millrace.posix.libc.PosixException;
import java.util.Arrays;
import java.util.OptionalInt;

/** The user and the group database, searched by name through the sources of nsswitch.conf(5). Any thread. */
public enum AccountDatabase {
    USER("getpwnam_r", LibC::getpwnam_r),
    GROUP("getgrnam_r", LibC::getgrnam_r);

    // Size of struct passwd or struct group, whichever is larger, and the offset of the id in both.
    public static final int ENTRY_BYTES = 48;
    public static final int NUMBER = 16;

    private static final int FIRST_BYTES = 1024;
    /** Limit of the buffer, which also holds the members of a group. A larger entry is treated as invalid. */
    private static final int MAX_BYTES = 64 << 20;

    private interface LookUp {
        int call(byte[] name, Pointer entry, Pointer buffer, long size, Pointer result);
    }

    private final String call;
    private final LookUp lookUp;

    AccountDatabase(String call, LookUp lookUp) {
        this.call = call;
        this.lookUp = lookUp;
    }

    /** Returns the id; empty if there is no such name. */
    public OptionalInt number(String name) throws PosixException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return OptionalInt.empty(); // the C library would look up the part before the NUL
        }
        byte[] bytes = BytePath.encode(name);
        byte[] terminated = Arrays.copyOf(bytes, bytes.length + 1);
        for (int size = FIRST_BYTES; ; size *= 2) {
            try {
                return number(name, terminated, size);
            } catch (PosixException e) {
                if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
                    return OptionalInt.empty(); // some sources report a missing name this way (getpwnam(3))
                }
                if (!e.is(Errno.ERANGE) || size >= MAX_BYTES) {
                    throw e;
                }
            }
        }
    }

    private OptionalInt number(String name, byte[] terminated, int size) throws PosixException {
        try (var entry = new Memory(ENTRY_BYTES);
                var result = new Memory(Long.BYTES);
                var buffer = new Memory(size)) {
            Check.checkReturned(
                    call,
                    BytePath.display(BytePath.encode(name)),
                    null,
                    () -> lookUp.call(terminated, entry, buffer, size, result));
            return result.getPointer(0) == null ? OptionalInt.empty() : OptionalInt.of(entry.getInt(NUMBER));
        }
    }
}
