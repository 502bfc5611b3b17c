// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.record;

import java.util.List;

/**
 * What {@link VerdictRules} made of a pass over a file.
 *
 * @param findings in the order of the file; adjacent blocks with one verdict are one finding
 * @param note why, in a few words, where the verdict alone does not tell; else empty
 * @param record what the catalog keeps from now on
 */
public record Assessment(Verdict verdict, List<Finding> findings, String note, FileRecord record) {
    public Assessment {
        findings = List.copyOf(findings);
    }
}
