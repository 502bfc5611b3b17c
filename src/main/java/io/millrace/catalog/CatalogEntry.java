// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;

/** A name in the catalog and the file it leads to; a file with several names is in as many entries. */
public record CatalogEntry(BytePath path, FileRecord record) {}
