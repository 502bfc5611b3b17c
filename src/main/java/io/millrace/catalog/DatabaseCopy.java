// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.CatalogException.Reason;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.util.Set;

/**
 * Copies a database that is in use: VACUUM INTO a hidden file beside the target, check, fsync, rename, fsync of the directory. So
 * the target is a former copy or the new one, whole, at any moment. Stateless; any thread.
 */
final class DatabaseCopy {
    private static final int PERMISSIONS = 0640;
    private static final Set<OpenFlag> DIRECTORY = Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY);
    private static final Set<OpenFlag> FRESH =
            Set.of(OpenFlag.WRITE_ONLY, OpenFlag.CREATE, OpenFlag.EXCLUSIVE, OpenFlag.NO_FOLLOW);
    private static final Set<OpenFlag> PRESENT = Set.of(OpenFlag.READ_ONLY, OpenFlag.NO_FOLLOW);

    private final Posix posix;

    DatabaseCopy(Posix posix) {
        this.posix = posix;
    }

    /** The hidden name beside a target; what a crash left there is removed by the next copy. */
    static byte[] temporaryName(BytePath target) {
        var name = new ByteArrayOutputStream();
        name.write('.');
        name.writeBytes(target.fileName().toBytes());
        name.writeBytes(".new".getBytes(StandardCharsets.US_ASCII));
        return name.toByteArray();
    }

    void copy(Database from, BytePath target) throws IOException {
        BytePath directory = target.parent();
        byte[] temporary = temporaryName(target);
        BytePath beside = directory.resolve(temporary);
        try (OwnedFd in = posix.files().open(directory, DIRECTORY)) {
            remove(in, temporary, beside);
            try {
                // Made here for its mode; VACUUM INTO takes an empty file.
                posix.files()
                        .createAt(in, temporary, beside, FRESH, PERMISSIONS)
                        .close();
                boolean ignored = from.call("copy to " + target, connection -> {
                    try (PreparedStatement vacuum = connection.prepareStatement("VACUUM INTO ?")) {
                        vacuum.setString(1, Database.uri(beside));
                        return vacuum.execute();
                    }
                });
                check(beside, target);
                publish(in, temporary, target);
            } catch (IOException | RuntimeException e) {
                try {
                    remove(in, temporary, beside);
                } catch (PosixException suppressed) {
                    e.addSuppressed(suppressed);
                }
                throw e;
            }
        }
    }

    private static void check(BytePath copy, BytePath target) throws CatalogException {
        try (Database database = Database.open(copy, Database.Access.READ_ONLY)) {
            String why = database.whyDamaged(false);
            if (!why.isEmpty()) {
                throw new CatalogException(Reason.DAMAGED, target, "copy", why);
            }
        }
    }

    /** Syncs a finished file and gives it its name, in place of a former one. */
    void publish(OwnedFd in, byte[] temporary, BytePath target) throws PosixException {
        BytePath beside = target.parent().resolve(temporary);
        try (OwnedFd file = posix.files().openAt(in, temporary, beside, PRESENT)) {
            posix.files().fsync(file);
        }
        posix.files().rename(in, temporary, target.fileName().toBytes(), target);
        posix.files().fsync(in);
    }

    private void remove(OwnedFd in, byte[] name, BytePath path) throws PosixException {
        try {
            posix.files().unlinkAt(in, name, path);
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
    }
}
