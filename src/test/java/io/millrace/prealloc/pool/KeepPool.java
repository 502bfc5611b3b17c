// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import io.millrace.testkit.FaultyPosix;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** A main class that keeps one pool until it is killed: {@code DIRECTORY STATE FILES BYTES [HIDDEN]}. */
public final class KeepPool {
    private KeepPool() {}

    /** As on a file system without O_TMPFILE, where a file has a hidden name while it is made. */
    private static Posix withoutTemporaryFiles() {
        var faulty = new FaultyPosix(LinuxPosix.create());
        faulty.before("openAt", arguments -> {
            if (arguments.stream().anyMatch(given -> given instanceof Set<?> set && set.contains(OpenFlag.TEMPORARY))) {
                throw new PosixException("openat", Errno.EOPNOTSUPP, arguments.get(2));
            }
        });
        return faulty.posix();
    }

    /** Says {@code full after N ms} once, counted from the start of main; and every trouble. */
    public static void main(String[] arguments) throws Exception {
        long began = System.nanoTime();
        var listener = new PoolListener() {
            @Override
            public void changed(PoolStatus status) {
                status.reason().ifPresent(System.err::println);
            }
        };
        var spec = new PoolSpec(
                "wal",
                BytePath.of(arguments[0]),
                Long.parseLong(arguments[3]),
                Integer.parseInt(arguments[2]),
                new NamePattern("segment-%08x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
        Posix posix = arguments.length > 4 ? withoutTemporaryFiles() : LinuxPosix.create();
        try (var pools = new Pools(posix, BytePath.of(arguments[1]), listener)) {
            pools.apply(List.of(spec));
            while (pools.status("wal").state() != PoolState.READY) {
                Thread.sleep(1);
            }
            System.out.println("full after " + (System.nanoTime() - began) / 1_000_000 + " ms");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
