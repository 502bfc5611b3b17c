// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.record;

import io.millrace.catalog.Catalog;
import io.millrace.catalog.CatalogEntry;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.EntryVisitor;
import io.millrace.catalog.WriteBatch;
import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Finds files that the catalog knows below a tree and that a whole scan of it did not confirm. One thread. */
final class MissingFiles {
    private static final int MAX_BATCH = 500;

    private final Catalog catalog;
    private final FileJudge judge;
    private final long sinceSeconds;

    /** {@code startedSeconds}: when the scan began, seconds since 1970. */
    MissingFiles(Catalog catalog, FileJudge judge, long startedSeconds) {
        this.catalog = catalog;
        this.judge = judge;
        this.sinceSeconds =
                startedSeconds + 1; // a file that was confirmed in the second before the scan is to be looked at
    }

    /** Gets a file that is missing, after that was recorded, or not mounted. */
    interface Report {
        void add(RecordedFile file) throws IOException;
    }

    /** Reports those that are missing or not mounted; nothing of what is there. */
    void find(BytePath tree, Report report) throws IOException {
        var candidates = new ArrayList<CatalogEntry>();
        try (CatalogReader reader = catalog.reader()) {
            reader.visitNotVerifiedSince(tree, sinceSeconds, new EntryVisitor() {
                @Override
                public boolean onEntry(CatalogEntry entry) throws IOException {
                    // A look is cheap, and mostly it is there: suspect, unsettled or unreadable files are no news here.
                    if (!judge.files().exists(entry.path())) {
                        candidates.add(entry);
                    }
                    if (candidates.size() >= MAX_BATCH) {
                        judgeAll(candidates, report);
                    }
                    return true;
                }
            });
        }
        judgeAll(candidates, report);
    }

    private void judgeAll(List<CatalogEntry> candidates, Report report) throws IOException {
        if (candidates.isEmpty()) {
            return;
        }
        var found = new ArrayList<RecordedFile>();
        try (WriteBatch changes = catalog.begin()) {
            for (CatalogEntry entry : candidates) {
                var names = changes.names(entry.record().key());
                if (names.isPresent() && names.get().contains(entry.path())) {
                    FileRecord record = changes.find(entry.record().key()).orElse(entry.record());
                    judge.judgeAbsent(changes, entry.path(), record).ifPresent(found::add);
                }
            }
            changes.commit();
        }
        candidates.clear();
        for (RecordedFile file : found) {
            report.add(file);
        }
    }
}
