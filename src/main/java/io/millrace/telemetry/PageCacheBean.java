// SPDX-License-Identifier: Apache-2.0
package io.millrace.telemetry;

import io.millrace.pagecache.CacheEffect;
import io.millrace.pagecache.CacheWarmer;
import io.millrace.pagecache.Eviction;
import io.millrace.pagecache.FileResidency;
import io.millrace.pagecache.MountTraits;
import io.millrace.pagecache.Mounts;
import io.millrace.posix.BytePath;
import io.millrace.posix.ByteSize;
import io.millrace.posix.FileStatus;
import io.millrace.posix.FileType;
import io.millrace.posix.OpenFlag;
import io.millrace.posix.OwnedFd;
import io.millrace.scan.ScanStatus;
import java.io.IOException;
import java.util.Set;
import java.util.function.Supplier;

/** The page cache: what scans did to it, and single files below the roots in it. */
final class PageCacheBean implements PageCacheMXBean {
    /** O_NONBLOCK: opening a FIFO must not wait. */
    private static final Set<OpenFlag> FLAGS =
            Set.of(OpenFlag.READ_ONLY, OpenFlag.NONBLOCK, OpenFlag.NO_CONTROLLING_TERMINAL);

    /** What is done with an open file. */
    private interface Look {
        FileResidency at(MountTraits traits, OwnedFd file, FileStatus status) throws IOException;
    }

    private final Controls controls;
    private final Supplier<CacheEffect> ofPast;

    /** {@code ofPast}: the effect of all scans that are over. */
    PageCacheBean(Controls controls, Supplier<CacheEffect> ofPast) {
        this.controls = controls;
        this.ofPast = ofPast;
    }

    private CacheEffect total() {
        CacheEffect sum = ofPast.get();
        for (ScanStatus status : controls.scans().statuses()) {
            sum = status.state().isOver() ? sum : sum.plus(status.effect());
        }
        return sum;
    }

    @Override
    public long getReleasedBytes() {
        return total().releasedBytes();
    }

    @Override
    public long getLeftBytes() {
        return total().leftBytes();
    }

    @Override
    public long getHotBeforeBytes() {
        return total().hotBeforeBytes();
    }

    @Override
    public long getHotAfterBytes() {
        return total().hotAfterBytes();
    }

    @Override
    public String status(String path) throws IOException {
        return at(path, (traits, file, status) -> look(traits, file, status));
    }

    @Override
    public String warm(String path) throws IOException {
        return at(path, (traits, file, status) -> {
            try (var warmer = new CacheWarmer(controls.posix())) {
                warmer.warm(traits, file, status, () -> Thread.currentThread().isInterrupted());
            }
            return look(traits, file, status);
        });
    }

    @Override
    public String evict(String path) throws IOException {
        return at(
                path,
                (traits, file, status) -> Eviction.of(controls.posix(), traits, file, status, Eviction.Dirty.LEAVE, 0)
                        .after());
    }

    private FileResidency look(MountTraits traits, OwnedFd file, FileStatus status) throws IOException {
        return FileResidency.look(controls.posix(), traits, file, status, 0);
    }

    private String at(String text, Look look) throws IOException {
        BytePath path = Requests.path(text);
        try (OwnedFd file = controls.roots().get().open(path, FLAGS)) {
            FileStatus status = controls.posix().files().status(file);
            if (status.type() != FileType.REGULAR) {
                throw new IOException(path + ": is a " + status.type().words() + ", not a regular file");
            }
            var now = look.at(new Mounts(controls.posix()).traitsOf(file, status), file, status);
            String resident = now.residentBytes().isEmpty()
                    ? "unknown"
                    : ByteSize.format(now.residentBytes().getAsLong());
            return path + ": " + resident + " of " + ByteSize.format(now.sizeBytes()) + " resident";
        }
    }
}
