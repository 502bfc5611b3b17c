// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Against a model that goes from byte to byte. */
class ResidencyBitmapTest {
    private static final int PAGE_BYTES = 8;
    private static final int ROUNDS = 3000;

    private final long seed = new Random().nextLong();
    private final Random random = new Random(seed);

    /** A range that starts on a page, and for each of its bytes whether it was resident. */
    private final class Model {
        final ByteRange range =
                new ByteRange((long) PAGE_BYTES * random.nextInt(5), 1 + random.nextInt(20 * PAGE_BYTES));
        final BitSet bits = new BitSet();
        final ResidencyBitmap pages;

        Model(ByteRange like) {
            this(like, random.nextInt(4));
        }

        private Model(ByteRange like, int kind) {
            var here = like.isEmpty() ? range : like;
            int count = (int) ((here.lengthBytes() + PAGE_BYTES - 1) / PAGE_BYTES);
            for (int page = 0; page < count; page++) {
                bits.set(page, kind == 0 || (kind > 1 && random.nextInt(kind) == 0));
            }
            pages = switch (kind) {
                case 0 -> ResidencyBitmap.all(here, PAGE_BYTES);
                case 1 -> ResidencyBitmap.none(here, PAGE_BYTES);
                default -> ResidencyBitmap.of(here, PAGE_BYTES, (BitSet) bits.clone());
            };
        }

        boolean has(long offset) {
            return bits.get((int) ((offset - pages.range().offsetBytes()) / PAGE_BYTES));
        }

        ByteRange part() {
            long start = pages.range().offsetBytes()
                    + random.nextInt((int) pages.range().lengthBytes());
            return ByteRange.between(
                    start, start + 1 + random.nextInt((int) (pages.range().endBytes() - start)));
        }
    }

    @Test
    void countsBytesAsTheModelDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            var before = new Model(new ByteRange(0, 0));
            var range = before.pages.range();
            var later = new Model(range);
            long resident = 0;
            long kept = 0;
            long added = 0;
            for (long at = range.offsetBytes(); at < range.endBytes(); at++) {
                resident += before.has(at) ? 1 : 0;
                kept += before.has(at) && later.has(at) ? 1 : 0;
                added += !before.has(at) && later.has(at) ? 1 : 0;
            }
            String which = "seed " + seed + ", round " + round + ", " + range;
            assertThat(before.pages.residentBytes()).as(which).isEqualTo(resident);
            assertThat(before.pages.keptBytes(later.pages)).as(which).isEqualTo(kept);
            assertThat(before.pages.addedBytes(later.pages)).as(which).isEqualTo(added);
            assertThat(before.pages.isEmpty()).as(which).isEqualTo(resident == 0);
            assertThat(before.pages.isFull()).as(which).isEqualTo(resident == range.lengthBytes());
        }
    }

    @Test
    void findsColdRunsAsTheModelDoes() {
        for (int round = 0; round < ROUNDS; round++) {
            var model = new Model(new ByteRange(0, 0));
            var part = model.part();
            String which = "seed " + seed + ", round " + round + ", " + part + " of " + model.pages.range();
            assertThat(model.pages.coldRuns(part)).as(which).isEqualTo(coldRuns(model, part));
            boolean covered = true;
            for (long at = part.offsetBytes(); at < part.endBytes(); at++) {
                covered &= model.has(at);
            }
            assertThat(model.pages.covers(part)).as(which).isEqualTo(covered);
        }
    }

    /** Whole pages that the part touches, as far as the range goes. */
    private static List<ByteRange> coldRuns(Model model, ByteRange part) {
        var range = model.pages.range();
        var runs = new ArrayList<ByteRange>();
        long runStart = -1;
        long start = part.offsetBytes() / PAGE_BYTES * PAGE_BYTES;
        long end = Math.min((part.endBytes() + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES, range.endBytes());
        for (long at = start; at < end; at++) {
            if (!model.has(at) && runStart < 0) {
                runStart = at;
            } else if (model.has(at) && runStart >= 0) {
                runs.add(ByteRange.between(runStart, at));
                runStart = -1;
            }
        }
        if (runStart >= 0) {
            runs.add(ByteRange.between(runStart, end));
        }
        return runs;
    }

    @Test
    void takesAPartThatReachesBeyondTheRange() {
        var pages = ResidencyBitmap.none(new ByteRange(16, 20), PAGE_BYTES);
        assertThat(pages.coldRuns(new ByteRange(0, 100))).containsExactly(new ByteRange(16, 20));
        assertThat(pages.coldRuns(new ByteRange(0, 24))).containsExactly(new ByteRange(16, 8));
    }
}
