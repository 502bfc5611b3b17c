// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Detects whether standard error is connected to the journal, as systemd.exec(5) describes: {@code $JOURNAL_STREAM}
 * names the socket by device and inode. Child processes inherit the variable wherever their output goes, so the
 * variable alone proves nothing: a terminal of a desktop session started by systemd is not the journal. Any thread.
 */
public final class JournalStream {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private JournalStream() {}

    /** Returns false also if this cannot be determined, for example because standard error is closed. */
    public static boolean isStandardError() {
        return is(System.getenv("JOURNAL_STREAM"), STANDARD_ERROR);
    }

    static boolean is(@Nullable String named, Path stream) {
        if (named == null) {
            return false;
        }
        try {
            Map<String, Object> facts = Files.readAttributes(stream, "unix:dev,ino");
            return named.equals(facts.get("dev") + ":" + facts.get("ino"));
        } catch (IOException e) {
            return false;
        }
    }
}
