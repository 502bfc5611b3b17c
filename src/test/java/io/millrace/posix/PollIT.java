// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.libc.NativeBuffer;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.libc.Scratch;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PollIT {
    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final PipeCalls pipes = scratch.posix().pipes();
    private final IoCalls io = scratch.posix().io();

    @Test
    void tellsWhatIsReadyAndForgetsWhatWas() throws IOException {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(10)) {
            var input = Poll.forInput(pipe.readEnd());
            var output = Poll.forOutput(pipe.writeEnd());
            assertThat(pipes.poll(List.of(input, output), -1)).isEqualTo(1);
            assertThat(input.isReady()).isFalse();
            assertThat(output.isReady()).isTrue();
            io.write(pipe.writeEnd(), buffer, 10);
            assertThat(pipes.poll(List.of(input, output), -1)).isEqualTo(2);
            assertThat(input.isReady()).isTrue();
            assertThat(input.isHungUp()).isFalse();
            assertThat(io.read(pipe.readEnd(), buffer)).isEqualTo(10);
            assertThat(pipes.poll(List.of(input), 0)).isZero();
            assertThat(input.isReady()).isFalse();
        }
    }

    @Test
    void comesBackWithNothingWhenTheTimeIsOver() throws IOException {
        try (var pipe = pipes.pipe(Set.of())) {
            assertThat(pipes.poll(List.of(Poll.forInput(pipe.readEnd())), 5)).isZero();
            assertThat(pipes.poll(List.of(), 5)).isZero();
        }
    }

    @Test
    void wakesWhenAnotherThreadWrites() throws Exception {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(1)) {
            var input = Poll.forInput(pipe.readEnd());
            var waiting = CompletableFuture.supplyAsync(() -> {
                try {
                    return pipes.poll(List.of(input), -1);
                } catch (PosixException e) {
                    throw new AssertionError(e);
                }
            });
            io.write(pipe.writeEnd(), buffer, 1);
            assertThat(waiting.get()).isEqualTo(1);
            assertThat(input.isReady()).isTrue();
        }
    }

    @Test
    void saysThatTheOtherSideIsGone() throws IOException {
        try (var read = pipes.pipe(Set.of());
                var write = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(1)) {
            var input = Poll.forInput(read.readEnd());
            var hangUp = Poll.forHangUp(write.writeEnd());
            assertThat(pipes.poll(List.of(input, hangUp), 0)).isZero();
            io.write(read.writeEnd(), buffer, 1);
            read.writeEnd().close();
            write.readEnd().close();
            assertThat(pipes.poll(List.of(input, hangUp), -1)).isEqualTo(2);
            assertThat(input.isHungUp()).isTrue();
            assertThat(input.isReady()).as("it still holds input").isTrue();
            assertThat(hangUp.isHungUp()).isTrue();
            assertThat(hangUp.isReady()).isFalse();
        }
    }

    @Test
    void watchesManyAtOnce() throws IOException {
        try (var pipe = pipes.pipe(Set.of());
                var buffer = NativeBuffer.allocate(1)) {
            var polls = Stream.generate(() -> Poll.forInput(pipe.readEnd()))
                    .limit(1000)
                    .toList();
            assertThat(pipes.poll(polls, 0)).isZero();
            io.write(pipe.writeEnd(), buffer, 1);
            assertThat(pipes.poll(polls, 0)).isEqualTo(1000);
            assertThat(polls).allMatch(Poll::isReady);
        }
    }
}
