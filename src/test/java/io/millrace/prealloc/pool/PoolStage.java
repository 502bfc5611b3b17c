// SPDX-License-Identifier: Apache-2.0
package io.millrace.prealloc.pool;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.FileStatus;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.linux.LinuxPosix;
import io.millrace.prealloc.FillMode;
import io.millrace.prealloc.Reserve;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;

/** A directory {@code ready} in some place, pools that may keep it, and all that they tell. */
public final class PoolStage implements AutoCloseable, PoolListener {
    public static final int FILE_BYTES = 64 << 10;
    static final Duration PATIENCE = Duration.ofSeconds(60);

    final Path place;
    public final Path ready;
    final Path state;
    final List<String> strangers = new CopyOnWriteArrayList<>();
    final List<PoolStatus> changes = new CopyOnWriteArrayList<>();
    final List<String> exposed = new CopyOnWriteArrayList<>();
    final List<String> replaced = new CopyOnWriteArrayList<>();
    final List<String> unwatched = new CopyOnWriteArrayList<>();
    public final Pools pools;

    public PoolStage(Path place) throws IOException {
        this(place, LinuxPosix.create());
    }

    public PoolStage(Path place, Posix posix) throws IOException {
        this.place = place;
        this.ready = Files.createDirectories(place.resolve("ready"));
        this.state = Files.createDirectories(place.resolve("state"));
        this.pools = new Pools(posix, BytePath.of(state.toString()), this);
    }

    public PoolSpec spec(int files) {
        return new PoolSpec(
                "wal",
                BytePath.of(ready.toString()),
                FILE_BYTES,
                files,
                new NamePattern("segment-%04x"),
                FillMode.RESERVE,
                0640,
                OptionalInt.empty(),
                OptionalInt.empty(),
                Reserve.NONE);
    }

    /** Begins, and waits until all are there. */
    public void keep(PoolSpec spec) {
        pools.apply(List.of(spec));
        awaitReady(spec.ready());
    }

    public PoolStatus status() {
        return pools.status("wal");
    }

    public void awaitReady(int files) {
        Awaitility.await("a full pool")
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(status())
                        .matches(status -> status.ready() == files && status.state() == PoolState.READY));
    }

    void await(PoolState state) {
        Awaitility.await(state.name())
                .atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(5))
                .untilAsserted(() -> assertThat(status()).matches(status -> status.state() == state));
    }

    /** Names in the directory, in order. */
    public List<String> names() throws IOException {
        try (var files = Files.list(ready)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    public static FileStatus status(Path file) throws IOException {
        return LinuxPosix.create().files().status(BytePath.of(file.toString()));
    }

    @Override
    public void stranger(String pool, String why) {
        strangers.add(why);
    }

    @Override
    public void changed(PoolStatus status) {
        changes.add(status);
    }

    @Override
    public void unwatched(String pool, String why) {
        unwatched.add(why);
    }

    @Override
    public void onDirectoryExposed(String pool, String why) {
        exposed.add(why);
    }

    @Override
    public void onDirectoryReplaced(String pool, String what) {
        replaced.add(what);
    }

    @Override
    public void close() {
        pools.close();
    }
}
