// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.List;

/** Collects findings block by block, in the order of the file, and joins adjacent ones. One thread. */
final class FindingList {
    private final BlockSums blocks;
    private final List<Finding> findings = new ArrayList<>();
    private Verdict worst = Verdict.OK;

    FindingList(BlockSums blocks) {
        this.blocks = blocks;
    }

    /** {@link Verdict#OK} is no finding. */
    void add(int block, Verdict verdict) {
        if (verdict != Verdict.OK) {
            add(blocks.range(block), verdict);
        }
    }

    void addWholeFile(Verdict verdict) {
        add(new ByteRange(0, blocks.sizeBytes()), verdict);
    }

    private void add(ByteRange range, Verdict verdict) {
        worst = worst.compareTo(verdict) < 0 ? verdict : worst;
        int last = findings.size() - 1;
        if (last >= 0
                && findings.get(last).verdict() == verdict
                && findings.get(last).range().endBytes() == range.offsetBytes()) {
            long start = findings.get(last).range().offsetBytes();
            findings.set(last, new Finding(verdict, ByteRange.between(start, range.endBytes())));
        } else {
            findings.add(new Finding(verdict, range));
        }
    }

    boolean isEmpty() {
        return findings.isEmpty();
    }

    /** The most urgent verdict; ok where there is no finding. */
    Verdict worst() {
        return worst;
    }

    List<Finding> list() {
        return findings;
    }
}
