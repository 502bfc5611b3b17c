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

/** Looks for the credential of a running service, and says what was looked for where. Stateless; any thread. */
public final class ServiceFinder {
    /** In the runtime directory; a service holds it while it runs. */
    public static final String LOCK_NAME = "jmx.lock";

    private static final String SERVICE_GROUP = "millrace";
    private static final int SEARCHABLE_BY_GROUP = 010;

    /**
     * Where a service may have its runtime directory.
     *
     * @param origin who says so, in words that follow "from"
     */
    public record Place(BytePath runtimeDirectory, String origin) {}

    private ServiceFinder() {}

    /**
     * The first credential that is there, readable or not.
     *
     * @throws UnreachableException where none is; names every file that was looked for
     * @throws IOException one line, where one can neither be seen nor ruled out
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

    /** What to add to the refusal of a file that is there: who may read it. */
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

    /** Its name where it is the package's own; others are numbers. */
    private static String groupName(Posix posix, int group) {
        try {
            return posix.process().groupId(SERVICE_GROUP).equals(OptionalInt.of(group))
                    ? SERVICE_GROUP
                    : Integer.toUnsignedString(group);
        } catch (PosixException e) {
            return Integer.toUnsignedString(group);
        }
    }

    /** That a credential does not exist, and who nevertheless holds its directory. */
    static String missing(Posix posix, BytePath credential) {
        return credential + " does not exist" + whoHolds(posix, credential.parent());
    }

    private static String whoHolds(Posix posix, BytePath runtimeDirectory) {
        try {
            return DirectoryLock.holder(posix, lockIn(runtimeDirectory))
                    .map(holder -> ", although a service runs there (" + holder + ")")
                    .orElse("");
        } catch (IOException e) {
            return ""; // it may not be looked at: nothing is known
        }
    }

    /**
     * Words to add where nobody answers to a credential: whether its service runs, by the lock beside it. Empty where that
     * does not tell, as beside a copy of the credential.
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
