// SPDX-License-Identifier: Apache-2.0
package io.millrace.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LoopMountIT {
    @ParameterizedTest
    @EnumSource
    void leavesNothingBehind(LoopMount.Kind kind) throws IOException {
        Path directory;
        try (var mount = LoopMount.of(kind, 16)) {
            directory = mount.directory();
            assertThat(Files.getFileStore(directory).type())
                    .isEqualTo(kind.name().toLowerCase());
            Files.writeString(directory.resolve("file"), "content");
        }
        assertThat(directory).doesNotExist();
        assertThat(directory.getParent()).doesNotExist();
        assertThat(Files.readString(Path.of("/proc/mounts"))).doesNotContain(directory.toString());
    }
}
