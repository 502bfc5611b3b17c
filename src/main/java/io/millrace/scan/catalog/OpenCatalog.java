// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.files.TrustedPath;
import io.millrace.files.UntrustedException;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A catalog that the service has opened, and what is to be said about how. Whoever opened it closes it.
 *
 * @param notices a line for each
 */
record OpenCatalog(Catalog catalog, List<String> notices) implements AutoCloseable {
    /**
     * Refuses directories in which another user could exchange the database or a backup.
     *
     * @throws IOException one line that says why it is not open
     */
    static OpenCatalog open(Posix posix, CatalogPlace place) throws IOException {
        var notices = new ArrayList<String>();
        BytePath directory = TrustedPath.require(posix, place.directory());
        Optional<BytePath> backups = place.backups();
        if (backups.isPresent()) {
            try {
                backups = Optional.of(TrustedPath.require(posix, backups.get()));
                if (isSameFileSystem(posix, directory, backups.get())) {
                    notices.add("catalog: the backups in " + backups.get()
                            + " lie on the same file system as the catalog, and are lost with it");
                }
            } catch (PosixException | UntrustedException e) {
                notices.add("catalog: no backups: " + e.getMessage());
                backups = Optional.empty();
            }
        }
        var used = new CatalogPlace(directory, backups);
        Catalog catalog = Catalog.open(posix, used, new CatalogListener() {
            @Override
            public void onSetAside(BytePath setAside, String why) {
                notices.add("catalog: was damaged, and is kept as " + setAside + ": " + why);
            }

            @Override
            public void onRestored(BytePath backup) {
                notices.add("catalog: the backup " + backup + " was opened instead");
            }

            @Override
            public void onUnusableBackup(BytePath backup, String why) {
                notices.add("catalog: the backup " + backup + " cannot be used: " + why);
            }

            @Override
            public void onCreated(BytePath database, int unused) {
                if (!notices.isEmpty() && notices.get(notices.size() - 1).startsWith("catalog: was damaged")) {
                    notices.add("catalog: no backup of it: everything is recorded anew");
                }
            }
        });
        return new OpenCatalog(catalog, List.copyOf(notices));
    }

    private static boolean isSameFileSystem(Posix posix, BytePath one, BytePath other) throws PosixException {
        return posix.files().status(one).device() == posix.files().status(other).device();
    }

    @Override
    public void close() throws IOException {
        catalog.close();
    }
}
