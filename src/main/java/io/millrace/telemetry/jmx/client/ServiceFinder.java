// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry.jmx.client;

import io.millrace.files.DirectoryLock;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.PosixException;
import io.millrace.telemetry.jmx.access.Credential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/** Finds the credential of a running service, and reports where it was looked for. Stateless; any thread. */
public final class ServiceFinder {
    /** The lock file in the runtime directory, which a service holds while it runs. */
    public static final String LOCK_NAME = "jmx.lock";

    private static final String SERVICE_GROUP = "millrace";
    private static final int SEARCHABLE_BY_GROUP = 010;

    /**
     * A possible runtime directory of a service.
     *
     * @param origin where the path comes from, as text that follows "from"
     */
    public record Place(BytePath runtimeDirectory, String origin) {}

    private ServiceFinder() {}

    /**
     * Returns the first credential file that exists, readable or not.
     *
     * @throws UnreachableException if there is none; the message names every path that was tried
     * @throws IOException one line, if it cannot be determined whether a file exists
     */
    public static BytePath find(Posix posix, List<Place> places) throws IOException {
        List<String> missing = new ArrayList<>();
        for (Place place : places) {
            BytePath file = Credential.in(place.runtimeDirectory());
            try {
                FileStatus unused = posix.files().status(file);
                return file;
            } catch (PosixException e) {
                String named = file + " (from " + place.origin() + ")";
                if (e.is(Errno.EACCES)) {
                    throw new IOException(
                            named + ": permission denied (EACCES); " + whoMay(posix, place.runtimeDirectory()), e);
                }
                if (!e.is(Errno.ENOENT) && !e.is(Errno.ENOTDIR)) {
                    throw e;
                }
                missing.add(named + " does not exist" + whoHolds(posix, place.runtimeDirectory()));
            }
        }
        throw new UnreachableException("no service found: " + String.join("; ", missing)
                + "; start it, or name its file by --config or --credential");
    }

    /** Returns an addition to the message about an unreadable file: who may read it. */
    static String whoMayRead(Posix posix, BytePath file) {
        try {
            return describe(posix, posix.files().status(file), 040);
        } catch (PosixException e) {
            return whoMay(posix, file.parent());
        }
    }

    private static String whoMay(Posix posix, BytePath directory) {
        try {
            return describe(posix, posix.files().status(directory), SEARCHABLE_BY_GROUP);
        } catch (PosixException e) {
            return "root may look";
        }
    }

    private static String describe(Posix posix, FileStatus status, int groupBit) {
        String owner = status.uid() == 0 ? "root" : "root, user " + Integer.toUnsignedString(status.uid());
        if ((status.permissions() & groupBit) == 0) {
            return "only " + owner.replace(", ", " and ") + " may read it";
        }
        return "only " + owner + " and members of group " + groupName(posix, status.gid()) + " may read it";
    }

    /** Returns the group's name if it is the one that the package creates, otherwise its number. */
    private static String groupName(Posix posix, int group) {
        try {
            return posix.process().groupId(SERVICE_GROUP).equals(OptionalInt.of(group))
                    ? SERVICE_GROUP
                    : Integer.toUnsignedString(group);
        } catch (PosixException e) {
            return Integer.toUnsignedString(group);
        }
    }

    /** Returns a message that a credential does not exist, and which process nevertheless holds its directory. */
    static String missing(Posix posix, BytePath credential) {
        return credential + " does not exist" + whoHolds(posix, credential.parent());
    }

    private static String whoHolds(Posix posix, BytePath runtimeDirectory) {
        try {
            return DirectoryLock.holder(posix, lockIn(runtimeDirectory))
                    .map(holder -> ", although a service runs there (" + holder + ")")
                    .orElse("");
        } catch (IOException e) {
            return ""; // no permission to read the lock: the state is unknown
        }
    }

    /**
     * Returns an addition to the message that the service of a credential does not respond: whether the service runs,
     * according to the lock file in the same directory. Empty if that is unknown, for example for a copy of the
     * credential.
     */
    static String whyNoAnswer(Posix posix, BytePath credential) {
        BytePath lock = lockIn(credential.parent());
        try {
            FileStatus unused = posix.files().status(lock);
            return DirectoryLock.holder(posix, lock)
                    .map(holder -> "; it runs (" + holder + ")")
                    .orElse("; the service that wrote it does not run");
        } catch (IOException e) {
            return "";
        }
    }

    private static BytePath lockIn(BytePath runtimeDirectory) {
        return runtimeDirectory.resolve(LOCK_NAME.getBytes(StandardCharsets.US_ASCII));
    }
}
