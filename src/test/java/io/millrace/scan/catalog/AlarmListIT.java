// SPDX-License-Identifier: Apache-2.0
package io.millrace.scan.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.catalog.record.Verdict;
import io.millrace.files.StateFile;
import io.millrace.posix.Posix;
import io.millrace.posix.libc.BytePath;
import io.millrace.posix.libc.PosixException;
import io.millrace.posix.linux.LinuxPosix;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmListIT {
    private static final Posix POSIX = LinuxPosix.create();
    private static final BytePath FILE = BytePath.of("/srv/a");

    @TempDir
    private Path directory;

    private AlarmList open() throws PosixException {
        var list = new AlarmList(new StateFile(POSIX, BytePath.of(directory.toString()), "acknowledged"));
        list.open();
        return list;
    }

    @Test
    void anAcknowledgementHoldsForItsAlarmAndAcrossARestart() throws Exception {
        var list = open();
        assertThat(list.onJudged(FILE, Verdict.CORRUPT)).isTrue();
        assertThat(list.acknowledge(BytePath.of("/srv"))).isEqualTo(1);
        assertThat(list.onJudged(FILE, Verdict.CORRUPT)).isFalse();
        assertThat(open().onJudged(FILE, Verdict.CORRUPT)).isFalse();
        assertThat(open().onJudged(FILE, Verdict.DISK_BAD)).isTrue();
    }

    @Test
    void aFileThatWasGoodInBetweenIsAnotherAlarm() throws Exception {
        var list = open();
        assertThat(list.onJudged(FILE, Verdict.CORRUPT)).isTrue();
        assertThat(list.acknowledge(FILE)).isEqualTo(1);
        assertThat(list.onJudged(FILE, Verdict.OK)).isFalse();
        list.saveChanges();
        assertThat(list.onJudged(FILE, Verdict.CORRUPT)).isTrue();
        assertThat(open().onJudged(FILE, Verdict.CORRUPT)).isTrue();
    }
}
