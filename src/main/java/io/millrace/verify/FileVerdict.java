// SPDX-License-Identifier: Apache-2.0
package io.millrace.verify;

import io.millrace.scan.FileResult;
import java.util.List;

/**
 * The verdict on one file.
 *
 * @param result what the scan says of it: its digests, and why it could not be read
 * @param differences empty unless the verdict is {@link Verdict#MODIFIED}
 * @param compared digests and sizes that manifests have of it
 */
public record FileVerdict(FileResult result, Verdict verdict, List<Difference> differences, int compared) {}
