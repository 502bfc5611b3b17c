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

/** The two look-ups of a number by a name, in whatever nsswitch.conf(5) names. */
public enum AccountDatabase {
    USER("getpwnam_r", LibC::getpwnam_r),
    GROUP("getgrnam_r", LibC::getgrnam_r);

    // Room for struct passwd and for struct group, and where both have the number.
    public static final int ENTRY_BYTES = 48;
    public static final int NUMBER = 16;

    private static final int FIRST_BYTES = 1024;
    /** A group's members are in the buffer too. Beyond this the answer is not believed. */
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

    /** Empty where there is no such name. */
    public OptionalInt number(String name) throws PosixException {
        if (name.isEmpty() || name.indexOf('\0') >= 0) {
            return OptionalInt.empty(); // the C library would look for what is before the NUL
        }
        byte[] bytes = BytePath.encode(name);
        byte[] terminated = Arrays.copyOf(bytes, bytes.length + 1);
        for (int size = FIRST_BYTES; ; size *= 2) {
            try {
                return number(name, terminated, size);
            } catch (PosixException e) {
                if (e.is(Errno.ENOENT) || e.is(Errno.ESRCH)) {
                    return OptionalInt.empty(); // as some sources say it (getpwnam(3))
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
