// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc;

import io.millrace.posix.BytePath;
import io.millrace.posix.Posix;
import java.util.List;
import java.util.OptionalInt;

/** A main class that keeps one pool until it is killed: {@code DIRECTORY STATE FILES BYTES}. */
final class KeepPool {
    private KeepPool() {}

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
                Fill.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
        try (var pools = new Pools(Posix.linux(), BytePath.of(arguments[1]), listener)) {
            pools.apply(List.of(spec));
            while (pools.status("wal").state() != PoolState.READY) {
                Thread.sleep(1);
            }
            System.out.println("full after " + (System.nanoTime() - began) / 1_000_000 + " ms");
            Thread.sleep(Long.MAX_VALUE);
        }
    }
}
