// SPDX-License-Identifier: Apache-2.0
package io.millrace.worker;

import io.millrace.posix.Posix;
import io.millrace.posix.libc.PosixException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * Reaps orphans that workers leave behind if this process adopts them: as PID 1 of a container, or as a subreaper.
 * Runs on a daemon thread and polls once a second; a poll that finds nothing is one system call. Never reaps a process
 * that was spawned here: its exit status belongs to its {@link Child}.
 */
final class OrphanReaper implements Runnable {
    private static final long PERIOD_MILLIS = 1000;

    private final Posix posix;
    private final Reaper reaper;

    /** Reaps a process that has exited, unless its exit status has an owner; returns whether it did. */
    @FunctionalInterface
    interface Reaper {
        boolean reap(Posix posix, int pid) throws PosixException;
    }

    private OrphanReaper(Posix posix, Reaper reaper) {
        this.posix = posix;
        this.reaper = reaper;
    }

    /** Starts the thread if this process adopts orphans. */
    static void startIfNeeded(Posix posix, Reaper reaper) {
        if (posix.children().adoptsOrphans()) {
            var thread = new Thread(new OrphanReaper(posix, reaper), "millrace-orphans");
            thread.setDaemon(true);
            thread.start();
        }
    }

    @Override
    public void run() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(PERIOD_MILLIS);
                reapAll();
            }
        } catch (InterruptedException | PosixException e) {
            return; // a seccomp filter forbids the calls for good: zombies then stay, which is harmless
        }
    }

    private void reapAll() throws PosixException {
        OptionalInt exited = posix.children().anyExited();
        while (exited.isPresent() && reaper.reap(posix, exited.getAsInt())) {
            exited = posix.children().anyExited();
        }
        if (exited.isPresent()) { // one of our own children hides the zombies behind it
            for (int pid : zombies()) {
                var unused = reaper.reap(posix, pid);
            }
        }
    }

    /** Returns the children that are zombies, by the third and fourth field of /proc/PID/stat (proc(5)). */
    private static List<Integer> zombies() {
        String parent = Long.toString(ProcessHandle.current().pid());
        var zombies = new ArrayList<Integer>();
        ProcessHandle.current().children().forEach(child -> {
            try (var stat = new FileInputStream("/proc/" + child.pid() + "/stat")) {
                String text = new String(stat.readAllBytes(), StandardCharsets.ISO_8859_1);
                String[] fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
                if (fields[0].equals("Z") && fields[1].equals(parent)) {
                    zombies.add(Math.toIntExact(child.pid()));
                }
            } catch (IOException e) {
                return; // exited meanwhile
            }
        });
        return zombies;
    }
}
