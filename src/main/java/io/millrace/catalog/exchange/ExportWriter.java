// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.exchange;

import io.millrace.catalog.record.FileRecord;
import io.millrace.posix.libc.BytePath;
import java.io.IOException;

/** Writes an export, name by name in the order of the catalog. Its stream stays the caller's. One thread. */
public interface ExportWriter {
    /** False where the format cannot say anything of this file: it has no such digest. */
    boolean write(BytePath path, FileRecord record) throws IOException;

    /** After the last name: what the format ends with, and a flush. */
    void end() throws IOException;
}
