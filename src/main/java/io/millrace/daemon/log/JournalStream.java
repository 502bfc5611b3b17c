// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon.log;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Whether standard error is the journal, as systemd.exec(5) lets it be known: by {@code $JOURNAL_STREAM}, which names
 * the socket by device and inode. Programs inherit the variable wherever their output goes, so it alone says nothing: a
 * terminal of a desktop that systemd has started is not the journal. Any thread.
 */
public final class JournalStream {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private JournalStream() {}

    /** False too where it cannot be found out, as when standard error is closed. */
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
