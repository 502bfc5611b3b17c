// SPDX-License-Identifier: Apache-2.0
package io.millrace.pagecache;

import static io.millrace.testkit.PageProbe.addedBytes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.ByteRange;
import io.millrace.posix.libc.NativeBuffer;
import io.millrace.testkit.HungMount;
import io.millrace.testkit.PageProbe;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A scan that ends in the middle of a file while the device has not answered the kernel's readahead yet. */
class LateReadaheadIT {
    private static final int FILE_BYTES = 16 << 20;

    @TempDir
    private Path directory;

    @Test
    void leavesNothingOfReadaheadThatIsUnderWay() throws Exception {
        var probe = new PageProbe(directory);
        try (var mount = HungMount.of(directory.resolve("source"), directory.resolve("mount"))) {
            Stage.write(mount.source().resolve("file"), FILE_BYTES, new Random(5));
            Path path = mount.directory().resolve("file");
            try (var file = Stage.open(path);
                    var buffer = NativeBuffer.allocate(Reading.CHUNK_BYTES)) {
                var status = Stage.POSIX.files().status(file);
                var traits = MountTraits.probe(Stage.POSIX, file, status);
                var plan = ReadPlan.choose(Stage.POSIX, traits, file, WindowIT.forced(ReadStrategy.DROP_BEHIND));
                var range = new ByteRange(0, status.sizeBytes());
                var window = new Window(
                        Stage.POSIX, traits, plan, file, status, range, Reading.CHUNK_BYTES, new PeakGauge());
                var cursor = window.join();
                Chunk chunk = cursor.next(Reading.CHUNK_BYTES);
                window.read(chunk, buffer);
                cursor.done(chunk.range().endBytes());
                cursor.leave();

                mount.hang();
                var ahead = new ByteRange(chunk.range().endBytes() + (1 << 20), 2 << 20);
                Stage.POSIX.pages().fadvise(file, ahead, Advice.WILLNEED);
                var closing = new FutureTask<>(() -> {
                    window.close();
                    return addedBytes(new BitSet(), probe.resident(path));
                });
                var thread = new Thread(closing, "closing");
                thread.start();
                await().until(() -> thread.getState() == Thread.State.TIMED_WAITING || closing.isDone());
                mount.recover();
                assertThat(closing.get()).isZero();
                await().during(200, TimeUnit.MILLISECONDS)
                        .until(() -> addedBytes(new BitSet(), probe.resident(path)) == 0);
            }
        }
    }
}
