// SPDX-License-Identifier: Apache-2.0
package io.millrace.posix;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.posix.InotifyEvent.Change;
import io.millrace.posix.libc.OpenFlag;
import io.millrace.posix.libc.Scratch;
import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class InotifyCallsIT {
    private static final Set<Change> ALL = EnumSet.complementOf(EnumSet.of(Change.OVERFLOWED, Change.IGNORED));

    @RegisterExtension
    private final Scratch scratch = new Scratch();

    private final InotifyCalls watches = scratch.posix().watches();

    private static List<Set<Change>> changes(List<InotifyEvent> events) {
        return events.stream().map(InotifyEvent::changes).toList();
    }

    @Test
    void tellsWhatHappensToEntriesInOrderByNamesOfBytes() throws IOException {
        byte[] odd = {'a', (byte) 0xFF, '\n', 'b'};
        try (var directory = scratch.openDirectory();
                var watch = watches.inotify()) {
            assertThat(watches.events(watch)).isEmpty();
            int number = watches.watch(watch, directory, ALL);
            var path = Scratch.path(scratch.directory());
            var flags = Set.of(OpenFlag.CREATE, OpenFlag.WRITE_ONLY);
            var files = scratch.posix().files();
            files.create(path.resolve(odd), flags, 0600).close();
            files.renameNoReplaceAt(directory, odd, new byte[] {'c'}, path);
            files.unlinkAt(directory, new byte[] {'c'}, path);
            var events = watches.events(watch);
            assertThat(changes(events))
                    .containsExactly(
                            Set.of(Change.CREATED),
                            Set.of(Change.WRITTEN),
                            Set.of(Change.MOVED_FROM),
                            Set.of(Change.MOVED_TO),
                            Set.of(Change.DELETED));
            assertThat(events).allMatch(event -> event.watch() == number);
            assertThat(events.get(0).name()).isEqualTo(odd);
            assertThat(events.get(4).name()).isEqualTo(new byte[] {'c'});
            assertThat(watches.events(watch)).isEmpty();
        }
    }

    @Test
    void tellsTheEndOfTheDirectoryAndOfTheWatch() throws IOException {
        Path inner = Files.createDirectory(scratch.file("inner"));
        try (var watch = watches.inotify()) {
            try (var directory = scratch.open(inner, OpenFlag.DIRECTORY)) {
                int unused = watches.watch(watch, directory, ALL);
                Path moved = Files.move(inner, scratch.file("moved"));
                Files.delete(moved);
            }
            assertThat(changes(watches.events(watch)))
                    .contains(Set.of(Change.SELF_MOVED), Set.of(Change.SELF_DELETED))
                    .endsWith(Set.of(Change.IGNORED));
        }
    }

    @Test
    void saysWhenTooMuchHappenedAtOnce() throws Exception {
        int most = Integer.parseInt(
                Command.run("cat", "/proc/sys/fs/inotify/max_queued_events").strip());
        try (var directory = scratch.openDirectory();
                var watch = watches.inotify()) {
            int unused = watches.watch(watch, directory, Set.of(Change.MOVED_TO, Change.MOVED_FROM));
            var path = Scratch.path(scratch.directory());
            scratch.write("a", new byte[0]);
            byte[][] names = {{'a'}, {'b'}};
            for (int i = 0; i < most; i++) {
                scratch.posix().files().rename(directory, names[i % 2], names[(i + 1) % 2], path);
            }
            InotifyEvent last = null;
            int count = 0;
            for (var events = watches.events(watch); !events.isEmpty(); events = watches.events(watch)) {
                last = events.get(events.size() - 1);
                count += events.size();
            }
            assertThat(count).isGreaterThanOrEqualTo(most);
            assertThat(last).isNotNull();
            assertThat(last.changes()).containsExactly(Change.OVERFLOWED);
            assertThat(last.watch()).isEqualTo(-1);
        }
    }
}
