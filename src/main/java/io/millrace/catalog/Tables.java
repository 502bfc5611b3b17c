// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

/** A connection's tables, with their statements and what they keep in memory. As the connection, one thread at a time. */
record Tables(FileTable files, NameTable names, ScanTable scans) {
    static Tables of(Database database) throws CatalogException {
        return new Tables(new FileTable(database), new NameTable(database), new ScanTable(database));
    }
}
