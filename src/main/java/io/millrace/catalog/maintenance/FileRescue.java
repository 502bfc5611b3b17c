// SPDX-License-Identifier: Apache-2.0
package io.millrace.catalog.maintenance;

import io.millrace.catalog.record.BlockSums;
import io.millrace.catalog.record.FileClass;
import io.millrace.catalog.record.FileRecord;
import io.millrace.catalog.record.FileState;
import io.millrace.catalog.record.Verdict;
import io.millrace.catalog.record.Verification;
import io.millrace.pagecache.CachedCopyRescue;
import io.millrace.pagecache.CachedCopyRescue.Mode;
import io.millrace.pagecache.CachedCopyRescue.Outcome;
import io.millrace.pagecache.PhysicalRange;
import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.PosixException;
import io.millrace.scan.walk.OpenedFile;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * Goes over a file block by block, and where the device holds something else than what is recorded while the page cache still
 * holds that, has the kernel write the cached copy again ({@link CachedCopyRescue}). Refuses a file that the catalog cannot vouch
 * for. One thread, which closes it.
 */
public final class FileRescue implements AutoCloseable {
    private final Posix posix;
    private final CachedCopyRescue rescue;
    private final BooleanSupplier stopping;

    /** {@code stopping}: ends it before the next block. */
    public FileRescue(Posix posix, BooleanSupplier stopping) {
        this.posix = posix;
        this.rescue = new CachedCopyRescue(posix);
        this.stopping = stopping;
    }

    /**
     * A block that is not what was recorded, or could not be looked at.
     *
     * @param pages runs of the file that were or would be written
     * @param places where they lay on the device before; empty where the file system does not tell
     * @param isTimeRestored whether the time of modification is what it was
     */
    public record Block(
            ByteRange range,
            Outcome outcome,
            List<ByteRange> pages,
            List<PhysicalRange> places,
            boolean isTimeRestored) {
        /** Whether the device holds what was recorded, or would with a rescue. */
        public boolean isGood() {
            return outcome == Outcome.WRITTEN || outcome == Outcome.WOULD_WRITE;
        }
    }

    /** Takes blocks in the order of the file, each before the next one is looked at. */
    public interface Listener {
        void onBlock(Block block) throws IOException;
    }

    /** What came of a file: its blocks that differed, and how many were as recorded. */
    public record Result(List<Block> blocks, int goodBlocks, boolean isStopped) {
        /** Whether every block is what was recorded, or would be after a rescue. */
        public boolean isGood() {
            return !isStopped && blocks.stream().allMatch(Block::isGood);
        }
    }

    /** Why the catalog cannot vouch for a file, in a few words; empty where it can. */
    public static Optional<String> refusal(Optional<FileRecord> stored, FileStatus status) {
        if (stored.isEmpty()) {
            return Optional.of("the catalog does not know it");
        }
        FileRecord record = stored.get();
        FileState state = record.state();
        if (!record.blocks().isAnyKnown()) {
            return Optional.of(
                    record.hasBaseline()
                            ? "the catalog has only imported digests of it, and none of its blocks"
                            : "the catalog has no content of it, since it was never settled");
        }
        if (state.sizeBytes() != status.sizeBytes() || state.modifiedNanos() != status.modifiedNanos()) {
            return Optional.of("it was written since its content was recorded");
        }
        return record.standing().type() == FileClass.LIVE
                ? Optional.of("it is live: written all the time")
                : Optional.empty();
    }

    /**
     * Looks at every recorded block of a file, and with {@link Mode#WRITE} rescues those that need it.
     *
     * @param stored without a {@link #refusal}
     * @throws IOException where a block can neither be read nor written; those before it stay rescued
     */
    public Result rescue(OpenedFile file, FileRecord stored, Mode mode, Listener listener) throws IOException {
        BlockSums sums = stored.blocks();
        var blocks = new ArrayList<Block>();
        int good = 0;
        for (int number = 0; number < sums.count(); number++) {
            if (stopping.getAsBoolean()) {
                return new Result(blocks, good, true);
            }
            if (!sums.isKnown(number)) {
                continue;
            }
            Block block = rescue(file, sums.range(number), sums.crc32c(number), mode);
            if (block.outcome() == Outcome.NOT_NEEDED) {
                good++;
            } else {
                blocks.add(block);
                listener.onBlock(block);
            }
        }
        return new Result(blocks, good, false);
    }

    private Block rescue(OpenedFile file, ByteRange range, int sum, Mode mode) throws IOException {
        var found = rescue.rescue(file.fd(), file.traits(), range, sum, Mode.DRY_RUN);
        if (found.outcome() != Outcome.WOULD_WRITE) {
            return new Block(range, found.outcome(), List.of(), List.of(), true);
        }
        List<ByteRange> pages = runs(found.pages());
        var places = new ArrayList<PhysicalRange>();
        for (ByteRange run : pages) {
            places.addAll(PhysicalRange.of(posix, file.fd(), posix.files().status(file.fd()), run));
        }
        if (mode == Mode.DRY_RUN) {
            return new Block(range, found.outcome(), pages, places, true);
        }
        var done = rescue.rescue(file.fd(), file.traits(), range, sum, Mode.WRITE);
        return new Block(range, done.outcome(), runs(done.pages()), places, done.timeRestored());
    }

    /** Pages one after the other as one run. */
    private static List<ByteRange> runs(List<ByteRange> pages) {
        var runs = new ArrayList<ByteRange>();
        for (ByteRange page : pages) {
            int last = runs.size() - 1;
            if (last >= 0 && runs.get(last).endBytes() == page.offsetBytes()) {
                runs.set(last, ByteRange.between(runs.get(last).offsetBytes(), page.endBytes()));
            } else {
                runs.add(page);
            }
        }
        return List.copyOf(runs);
    }

    /**
     * What is recorded after a rescue by which the whole file was found to be as recorded, on the device: that, and when. Empty
     * where not all of it is.
     */
    public static Optional<FileRecord> recordAfter(FileRecord stored, Result result, Instant now) {
        boolean isWhole = result.isGood() && stored.blocks().isComplete();
        if (!isWhole) {
            return Optional.empty();
        }
        long seconds = now.getEpochSecond();
        var verification = new Verification(stored.verification().firstSeen(), seconds, seconds);
        return Optional.of(new FileRecord(
                        stored.key(),
                        stored.state(),
                        stored.digests(),
                        stored.blocks(),
                        verification,
                        stored.standing())
                .with(Verdict.OK));
    }

    @Override
    public void close() throws PosixException {
        rescue.close();
    }
}
