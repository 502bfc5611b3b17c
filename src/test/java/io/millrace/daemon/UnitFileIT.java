// SPDX-License-Identifier: Apache-2.0
package io.millrace.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.millrace.testkit.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What systemd's own checks say of the unit; {@code ./build boot} tries it under a real systemd. */
class UnitFileIT {
    private static final Path SOURCE = Path.of("systemd");
    private static final Path DROP_INS = SOURCE.resolve("drop-ins");
    private static final Pattern VERSION = Pattern.compile("systemd (\\d+)");

    /** The first with {@code security --offline}. */
    private static final int OFFLINE_SINCE = 250;

    @TempDir
    private Path directory;

    /** The unit as it is, but for the program, which is not installed here. */
    private Path unit() throws IOException {
        String text = Files.readString(SOURCE.resolve("millrace.service"));
        assertThat(text).contains("ExecStart=/usr/bin/millrace ", "ExecReload=/usr/bin/millrace ");
        return Files.writeString(
                directory.resolve("millrace.service"), text.replace("=/usr/bin/millrace ", "=/bin/sh "));
    }

    private void addDropIns() throws IOException {
        Path target = Files.createDirectory(directory.resolve("millrace.service.d"));
        try (var files = Files.list(DROP_INS)) {
            for (Path file : files.toList()) {
                Files.copy(file, target.resolve(file.getFileName()));
            }
        }
    }

    private static void assumeOfflineSecurity() throws Exception {
        var version = VERSION.matcher(Command.run("systemd-analyze", "--version"));
        assertThat(version.find()).isTrue();
        assumeTrue(Integer.parseInt(version.group(1)) >= OFFLINE_SINCE, "systemd-analyze is too old");
    }

    @Test
    void theUnitIsUnderstoodToTheLastWord() throws Exception {
        assertThat(Command.run("systemd-analyze", "--man=no", "verify", unit())).isEmpty();
    }

    @Test
    void soAreTheDropIns() throws Exception {
        Path unit = unit();
        addDropIns();
        assertThat(directory.resolve("millrace.service.d")).isNotEmptyDirectory();
        assertThat(Command.run("systemd-analyze", "--man=no", "verify", unit)).isEmpty();
    }

    @Test
    void itIsExposedAsLittleAsWasPromised() throws Exception {
        assumeOfflineSecurity();
        // Fails above the threshold, which is ten times the figure that is shown.
        assertThat(Command.run("systemd-analyze", "security", "--offline=yes", "--threshold=15", unit()))
                .contains("Overall exposure level");
    }
}
