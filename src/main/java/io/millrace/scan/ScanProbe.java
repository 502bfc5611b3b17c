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
 * Finds out how a scan would read at a place, without a scan. Reads no data; writes only where a directory has no file
 * that could be asked, and then a file of no length and no name. One thread.
 */
public final class ScanProbe {
    /** Files below a directory that are tried before it counts as having none. */
    private static final int MAX_TRIED = 64;

    private static final Set<OpenFlag> TEMPORARY = Set.of(OpenFlag.TEMPORARY, OpenFlag.READ_WRITE);

    /**
     * What was found.
     *
     * @param directory the one that was named, or that of the file that was
     * @param subject the file that was asked, as a rule another than the one named where that is a directory
     * @param device of the subject
     * @param residencyKnown whether the kernel tells this process what of the subject is resident
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

    /** {@code path}: a regular file, or a directory. An exception says in one line why there is nothing to find. */
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

    /** On the first file below a directory, on the same device, that opens; null where there is none. */
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
                return null; // not ours to read; the next one may be
            }
            throw e;
        } catch (IOException e) {
            return null; // not a file any more
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
