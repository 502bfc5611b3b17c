// SPDX-License-Identifier: Apache-2.0
package io.millrace.cli.catalog;

import io.millrace.catalog.CatalogEntry;
import io.millrace.catalog.CatalogException;
import io.millrace.catalog.CatalogReader;
import io.millrace.catalog.EntryVisitor;
import io.millrace.catalog.exchange.ExportWriter;
import io.millrace.catalog.record.FileRecord;
import io.millrace.cli.output.Invocation;
import io.millrace.posix.libc.BytePath;
import io.millrace.verify.NormalPath;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;

/** Passes the entries that are asked for to an export, in the one order that all exports have, and counts them. One thread. */
final class ExportSelection implements EntryVisitor {
    private final Invocation invocation;
    private final ExportWriter writer;
    private final List<BytePath> roots;

    /** The roots of which nothing was found so far. */
    private final BitSet unseen = new BitSet();

    private long written;
    private long unwritable;
    private long damaged;

    /** @param roots in normal form; none for everything */
    ExportSelection(Invocation invocation, ExportWriter writer, List<BytePath> roots) {
        this.invocation = invocation;
        this.writer = writer;
        this.roots = roots;
        unseen.set(0, roots.size());
    }

    /**
     * Visits the catalog. One root is looked up; for several, everything is gone over, since one after the other would not be in
     * the order of directories.
     */
    void visit(CatalogReader reader) throws IOException {
        if (roots.size() == 1) {
            for (FileRecord record : reader.find(roots.get(0))) {
                boolean ignored = onEntry(new CatalogEntry(roots.get(0), record));
            }
            reader.visit(roots.get(0), this);
        } else {
            reader.visit(this);
        }
        if (!invocation.stop().isRequested()) {
            unseen.stream()
                    .forEach(root -> invocation.console().say(roots.get(root) + ": the catalog has nothing of it"));
        }
    }

    @Override
    public boolean onEntry(CatalogEntry entry) throws IOException {
        if (isSelected(entry.path())) {
            if (writer.write(entry.path(), entry.record())) {
                written++;
            } else {
                unwritable++;
            }
        }
        return !invocation.stop().isRequested();
    }

    @Override
    public boolean onDamaged(BytePath path, CatalogException why) {
        if (isSelected(path)) {
            damaged++;
            invocation.console().say(path + ": not exported: " + why.getMessage());
        }
        return !invocation.stop().isRequested();
    }

    private boolean isSelected(BytePath path) {
        if (roots.isEmpty()) {
            return true;
        }
        byte[] name = path.toBytes();
        for (int root = 0; root < roots.size(); root++) {
            byte[] tree = roots.get(root).toBytes();
            boolean isRoot = tree.length == 1;
            if (isRoot || NormalPath.isWithin(name, tree)) {
                unseen.clear(root);
                return true;
            }
        }
        return false;
    }

    long written() {
        return written;
    }

    /** Names that the format cannot say, or whose files lack a digest. */
    long unwritable() {
        return unwritable;
    }

    long damaged() {
        return damaged;
    }

    boolean isWhole() {
        return unwritable == 0 && damaged == 0 && unseen.isEmpty();
    }
}
