// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;

/** A name in an export, and the record of its file. */
public record ExportedFile(BytePath path, FileRecord record) {}
