// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.libc.BytePath;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where a catalog lies.
 *
 * @param directory exists, and belongs to this program; the database is {@code catalog.db} in it
 * @param backups a directory on another disk if possible; empty where there are none
 */
public record CatalogPlace(BytePath directory, Optional<BytePath> backups) {
    static final String NAME = "catalog.db";

    public BytePath database() {
        return directory.resolve(NAME.getBytes(StandardCharsets.US_ASCII));
    }
}
