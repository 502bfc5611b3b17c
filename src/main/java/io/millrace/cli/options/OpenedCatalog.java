// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.options;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogListener;
import io.millrace.catalog.CatalogPlace;
import io.millrace.cli.output.Console;
import io.millrace.cli.output.RecordedText;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.scan.FileResult;
import io.millrace.scan.record.RecordedFile;
import java.io.IOException;

/** Opens the catalog for commands that record, and says what they have to say about it. Stateless. */
public final class OpenedCatalog {
    private OpenedCatalog() {}

    /** Opens the catalog, and creates it where there is none. The caller closes it. */
    public static Catalog orNew(Posix posix, CatalogOptions options, Console console) throws IOException {
        CatalogPlace place = options.placeToCreate(posix);
        if (Catalog.exists(posix, place)) {
            return Catalog.openExisting(posix, place);
        }
        return Catalog.open(posix, place, new CatalogListener() {
            @Override
            public void onCreated(BytePath database, int backups) {
                console.report("new catalog " + database);
            }
        });
    }

    /** Opens the catalog that is there, and says what makes one where there is none. The caller closes it. */
    public static Catalog existing(Posix posix, CatalogOptions options) throws IOException {
        CatalogPlace place = options.place(posix);
        if (!Catalog.exists(posix, place)) {
            throw new IOException(place.database() + ": open: there is no catalog; millrace scan --record makes one");
        }
        return Catalog.openExisting(posix, place);
    }

    /** The warning about a catalog that would be lost together with what it watches. */
    public static String besideFiles(BytePath catalog, BytePath file) {
        return "the catalog " + catalog + " lies on the file system of " + file
                + ", which it watches: what damages that file system may take the catalog with it";
    }

    /** Prints what the results of a file do not contain. */
    public static void explain(Console console, RecordedFile file) {
        FileResult result = file.result();
        if (result != null && !file.isNotMounted()) {
            result.error().ifPresent(console::say);
            result.change().ifPresent(console::say);
        }
        RecordedText.details(file).forEach(console::say);
    }
}
