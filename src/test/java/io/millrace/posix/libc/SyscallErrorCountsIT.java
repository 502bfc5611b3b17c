// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.posix.PageCalls.Advice;
import io.millrace.posix.libc.SyscallErrorCounts.Failure;
import java.io.IOException;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Counted by differences: other tests of this process fail calls as well. */
class SyscallErrorCountsIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private static long count(String call, Errno errno) {
        return SyscallErrorCounts.snapshot().getOrDefault(new Failure(call, errno), 0L);
    }

    @Test
    void countsWhatFailedByCallAndError() throws IOException {
        long missing = count("open", Errno.ENOENT);
        long directory = count("open", Errno.EISDIR);
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> scratch.open(scratch.file("gone")).close());
        }
        assertThatThrownBy(
                () -> scratch.open(scratch.directory(), OpenFlag.WRITE_ONLY).close());
        scratch.openDirectory().close();
        assertThat(count("open", Errno.ENOENT)).isEqualTo(missing + 3);
        assertThat(count("open", Errno.EISDIR)).isEqualTo(directory + 1);
    }

    @Test
    void countsCallsThatReturnTheNumber() throws IOException {
        long before = count("posix_fadvise", Errno.ESPIPE);
        try (var pipe = scratch.posix().pipes().pipe(Set.of())) {
            assertThatThrownBy(
                    () -> scratch.posix().pages().fadvise(pipe.readEnd(), new ByteRange(0, 1), Advice.DONTNEED));
        }
        assertThat(count("posix_fadvise", Errno.ESPIPE)).isEqualTo(before + 1);
    }

    @Test
    void countsNoAnswers() throws IOException {
        var before = SyscallErrorCounts.snapshot();
        try (var pipe = scratch.posix().pipes().pipe(Set.of());
                var one = scratch.create("a");
                var other = scratch.open(scratch.file("a"), OpenFlag.WRITE_ONLY);
                var buffer = NativeBuffer.allocate(10)) {
            scratch.posix().io().setNonBlocking(pipe.readEnd());
            assertThat(scratch.posix().io().readNoWait(pipe.readEnd(), buffer)).isEqualTo(-1);
            assertThat(scratch.posix().files().isWritable(Scratch.path(scratch.file("gone"))))
                    .isFalse();
            assertThat(scratch.posix().files().tryLock(one)).isTrue();
            assertThat(scratch.posix().files().tryLock(other)).isFalse();
        }
        assertThat(SyscallErrorCounts.snapshot()).isEqualTo(before);
    }

    @Test
    void losesNoneAmongThreads() throws Exception {
        long before = count("statx", Errno.ENOENT);
        var threads = Executors.newFixedThreadPool(4);
        var gone = Scratch.path(scratch.file("gone"));
        for (int i = 0; i < 400; i++) {
            threads.execute(
                    () -> assertThatThrownBy(() -> scratch.posix().files().status(gone)));
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
        assertThat(count("statx", Errno.ENOENT)).isEqualTo(before + 400);
    }
}
