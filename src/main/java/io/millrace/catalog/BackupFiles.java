// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog;

import io.millrace.posix.Directory;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.Errno;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.PosixException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The backups of a catalog in a directory: {@code catalog.db.backup-20261128T010000Z}, by the time in UTC when each was begun.
 * Files with other names are none of them and stay. Stateless; any thread.
 */
public final class BackupFiles {
    private static final String PREFIX = CatalogPlace.NAME + ".backup-";
    private static final String STAMP = "\\d{8}T\\d{6}Z";
    private static final DateTimeFormatter FORMAT = DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);

    private final Posix posix;
    private final BytePath directory;

    public BackupFiles(Posix posix, BytePath directory) {
        this.posix = posix;
        this.directory = directory;
    }

    /** For names of files: sorts by time. */
    static String stamp(Instant at) {
        return FORMAT.format(at.atOffset(ZoneOffset.UTC));
    }

    /** What a backup begun at this time is called, for {@link Catalog#backup}. */
    public BytePath pathFor(Instant at) {
        return directory.resolve((PREFIX + stamp(at)).getBytes(StandardCharsets.US_ASCII));
    }

    /** When one of {@link #newestFirst} was begun. */
    public static Instant timeOf(BytePath backup) {
        String name = new String(backup.fileName().toBytes(), StandardCharsets.ISO_8859_1);
        return LocalDateTime.parse(name.substring(PREFIX.length()), FORMAT).toInstant(ZoneOffset.UTC);
    }

    /** Those that are there; none where the directory is not. */
    public List<BytePath> newestFirst() throws PosixException {
        List<String> names = new ArrayList<>();
        try (Directory entries = posix.files()
                .list(posix.files().open(directory, Set.of(OpenFlag.READ_ONLY, OpenFlag.DIRECTORY)), directory)) {
            for (var batch = entries.nextBatch(); batch != null; batch = entries.nextBatch()) {
                for (Directory.Entry entry : batch) {
                    String name = new String(entry.name(), StandardCharsets.ISO_8859_1);
                    if (name.startsWith(PREFIX)
                            && name.substring(PREFIX.length()).matches(STAMP)) {
                        names.add(name);
                    }
                }
            }
        } catch (PosixException e) {
            if (!e.is(Errno.ENOENT)) {
                throw e;
            }
        }
        names.sort(Comparator.reverseOrder());
        return names.stream()
                .map(name -> directory.resolve(name.getBytes(StandardCharsets.US_ASCII)))
                .toList();
    }

    /** Removes all but so many of the newest. */
    public void prune(int keep) throws PosixException {
        for (BytePath old : newestFirst().stream().skip(keep).toList()) {
            posix.files().unlink(old);
        }
    }
}
