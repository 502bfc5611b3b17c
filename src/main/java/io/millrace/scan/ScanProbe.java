// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan;

import io.millrace.pagecache.CachePolicy;
import io.millrace.pagecache.MountTraits;
import io.millrace.pagecache.MountTraitsCache;
import io.millrace.pagecache.ReadPlan;
import io.millrace.pagecache.Residency;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.OwnedFd;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.FileWalk;
import io.millrace.scan.walk.OpenedFile;
import io.millrace.scan.walk.WalkEntry;
import io.millrace.scan.walk.WalkSpec;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Determines how a scan would read files at a path, without scanning. It reads no data. It writes only if a directory
 * contains no file that can be probed, and then creates an unnamed empty file (O_TMPFILE). Belongs to one thread.
 */
public final class ScanProbe {
    /** Maximum number of files below a directory that are tried before the directory counts as empty. */
    private static final int MAX_TRIED = 64;

    private static final Set<OpenFlag> TEMPORARY = Set.of(OpenFlag.TEMPORARY, OpenFlag.READ_WRITE);

    /**
     * Result of a probe.
     *
     * @param directory the given directory, or the directory of the given file
     * @param subject the file that was probed; usually another than the given path if that is a directory
     * @param device device of the subject
     * @param residencyKnown whether the kernel tells this process which pages of the subject are resident
     * @param plan how a neutral scan would read the subject
     */
    public record Finding(
            BytePath directory,
            String subject,
            long device,
            MountTraits traits,
            boolean residencyKnown,
            ReadPlan plan) {}

    private final Posix posix;
    private final MountTraitsCache mounts;

    public ScanProbe(Posix posix) {
        this.posix = posix;
        this.mounts = new MountTraitsCache(posix);
    }

    /**
     * {@code path}: a regular file, or a directory. The message of an exception says in one line why the path cannot be
     * probed.
     */
    public Finding probe(BytePath path) throws IOException {
        FileStatus status = posix.files().status(path);
        if (status.type() != FileType.DIRECTORY) {
            try (var file =
                    OpenedFile.open(posix, mounts, new WalkEntry(0, path, null, path.toBytes(), null), () -> false)) {
                return finding(path.parent(), path.display(), file);
            }
        }
        Finding below = findBelow(path, status.device());
        return below != null ? below : onTemporary(path);
    }

    /**
     * Probes the first file below a directory, on the same device, that can be opened; returns null if there is none.
     */
    private @Nullable Finding findBelow(BytePath directory, long device) throws PosixException {
        Finding finding = null;
        try (var walk = new FileWalk(posix, WalkSpec.of(List.of(directory).iterator()), () -> false)) {
            WalkEntry found = walk.next();
            for (int tried = 1; found != null && finding == null && tried < MAX_TRIED; tried++) {
                finding = found.error() == null ? tryOn(found, directory, device) : null;
                found.release();
                found = finding == null ? walk.next() : null;
            }
            if (found != null) {
                found.release();
            }
        }
        return finding;
    }

    private @Nullable Finding tryOn(WalkEntry found, BytePath directory, long device) throws PosixException {
        try (var file = OpenedFile.open(posix, mounts, found, () -> true)) {
            return file.status().device() == device
                    ? finding(directory, found.path().display(), file)
                    : null;
        } catch (PosixException e) {
            if (e.call().startsWith("open")) {
                return null; // not readable; the next one may be
            }
            throw e;
        } catch (IOException e) {
            return null; // no longer a regular file
        }
    }

    private Finding onTemporary(BytePath directory) throws IOException {
        OwnedFd fd;
        try {
            fd = posix.files().create(directory, TEMPORARY, 0600);
        } catch (PosixException e) {
            throw new IOException(directory + ": no file in it to try on, and none can be made: " + e.getMessage(), e);
        }
        try (fd) {
            FileStatus status = posix.files().status(fd);
            MountTraits traits = mounts.traitsOf(fd, status);
            return finding(directory, "a file without a name", new OpenedFile(fd, status, traits));
        }
    }

    private Finding finding(BytePath directory, String subject, OpenedFile file) throws PosixException {
        boolean known = new Residency(posix, file.traits()).isKnown(file.fd());
        var wish = ReadPlan.Wish.of(CachePolicy.NEUTRAL);
        var plan = ReadPlan.choose(posix, file.traits(), file.fd(), wish);
        return new Finding(directory, subject, file.status().device(), file.traits(), known, plan);
    }
}
