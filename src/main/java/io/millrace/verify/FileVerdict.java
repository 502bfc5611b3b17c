// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.catalog.record.Verdict;
import io.millrace.scan.FileResult;
import java.util.List;

/**
 * The verdict on one file.
 *
 * @param result result of the scan: the digests, or why the file could not be read
 * @param differences empty unless the verdict is {@link Verdict#MODIFIED}
 * @param compared number of digests and sizes that the manifests contain for the file
 */
public record FileVerdict(FileResult result, Verdict verdict, List<Difference> differences, int compared) {}
