// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

/**
 * A state of the catalog, so that somebody who read records before can tell whether others have changed any since.
 *
 * @param dataVersion changes with commits of other connections (SQLite's PRAGMA data_version)
 * @param commits of this {@link Catalog}
 */
public record CatalogMark(long dataVersion, long commits) {
    /** The state after a commit of the caller's own, if nobody else commits. */
    public CatalogMark afterOwnCommit() {
        return new CatalogMark(dataVersion, commits + 1);
    }
}
